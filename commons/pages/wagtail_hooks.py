"""What the admin says of translations: which ones stay offline, and why."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.rich_text.pages import PageLinkHandler

from commons.pages.admin_doors import knowable, works_everywhere
from commons.pages.generation import remembered
from commons.pages.translation import offline_translations, source_of


class RememberedPageLinkHandler(PageLinkHandler):
    """Links between pages inside texts: each address is looked for once a generation."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        known = remembered(("links", get_language()), dict)
        missing = {attrs.get("id"): attrs for attrs in attrs_list if attrs.get("id") not in known}
        if missing:
            links = super().expand_db_attributes_many([*missing.values()])
            known.update(zip(missing, links, strict=True))
        return [known[attrs.get("id")] for attrs in attrs_list]


@hooks.register("register_rich_text_features", order=10)
def remember_page_links(features):
    features.register_link_type(RememberedPageLinkHandler)


@hooks.register("construct_page_chooser_queryset")
def offer_what_one_may_know(pages, request):
    return pages if works_everywhere(request.user) else pages & knowable(request.user)


@hooks.register("construct_reports_menu")
def hide_closed_reports(request, menu_items):
    if not works_everywhere(request.user):
        menu_items[:] = [item for item in menu_items if item.name != "translations"]


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
