"""What the admin says of translations: which ones stay offline, and why."""

from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from commons.pages.translation import offline_translations, source_of


@hooks.register("after_publish_page")
def tell_offline_translations(request, page):
    for other in offline_translations(page):
        messages.info(
            request,
            _("La traduction « %(title)s » (%(language)s) reste hors ligne : publiez-la à part.")
            % {"title": other.title, "language": other.locale.get_display_name()},
        )


@hooks.register("before_edit_page")
def tell_hidden_source(request, page):
    source = source_of(page)
    if request.method == "GET" and source is not None and not source.live:
        messages.warning(
            request,
            _("La page d’origine n’est pas publiée : cette traduction reste hors ligne."),
        )
