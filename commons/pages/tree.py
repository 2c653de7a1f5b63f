"""The trunk of the site: its languages, its home pages and the default site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from commons.pages.models import HomePage


@transaction.atomic
def plant_home(*, title: str, lead: str, contribute: str = "") -> HomePage:
    """The French home page under the root, made once, with the languages and the default site.

    Wagtail's own welcome page goes away when nobody put anything under it.
    """
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES
    }
    french = locales[settings.LANGUAGE_CODE]
    home = HomePage.objects.filter(locale=french, depth=2).first()
    if home is None:
        root = Page.get_first_root_node()
        home = HomePage(title=title, slug="fr", lead=lead, contribute=contribute, locale=french)
        root.add_child(instance=home)
        home.save_revision().publish()
    address = urlsplit(settings.SITE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.root_page_id is None or site.root_page.specific_class is Page:
        welcome = site.root_page if site.root_page_id else None
        site.hostname = address.hostname
        site.port = address.port or (443 if address.scheme == "https" else 80)
        site.site_name = settings.WAGTAIL_SITE_NAME
        site.root_page = home
        site.save()
        if welcome is not None and welcome.depth == 2 and not welcome.get_children().exists():
            Page.objects.get(pk=welcome.pk).delete()
    return home
