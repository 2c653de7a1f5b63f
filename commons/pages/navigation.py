"""What surrounds every page: the sections, the footer, the charter."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import get_language
from wagtail.models import Page, Site

from commons.pages.cache_version import cached
from commons.pages.models import HomePage
from commons.pages.site_settings import SiteDetails
from commons.pages.visibility import visible, visible_pages


@dataclass(frozen=True)
class Navigation:
    home: Page | None
    sections: list[Page]
    footer: list[Page]
    details: SiteDetails | None


def navigation(*, site: Site | None, user) -> Navigation:
    """The sections and footer pages under the home of the active language. Four queries.

    What all visitors without an account see is built once a version.
    """
    if site is None or user.is_authenticated:
        return _navigation(site, user)
    return cached(("navigation", site.pk, get_language()), lambda: _navigation(site, user))


def _navigation(site: Site | None, user) -> Navigation:
    home = _home(site)
    if home is None:
        return Navigation(None, [], [], SiteDetails.for_site(site) if site else None)
    children = (
        visible(Page.objects.child_of(home), user=user)
        .filter(Q(show_in_menus=True) | Q(plainpage__in_footer=True))
        .annotate(
            in_footer=F("plainpage__in_footer"), untranslated=F("untranslated_text__language")
        )
        .order_by("path")
    )
    children = list(children)
    return Navigation(
        home,
        [child for child in children if child.show_in_menus],
        [child for child in children if child.in_footer],
        SiteDetails.for_site(site),
    )


def charter(*, site: Site | None, user) -> Page | None:
    """The charter that the site names, in the language of the visit, if `user` may read it."""
    named = SiteDetails.for_site(site).charter if site else None
    return visible_pages(user).filter(pk=named.localized.pk).first() if named else None


def _home(site: Site | None) -> Page | None:
    if site is None:
        return None
    same_tree = Q(path__startswith=site.root_page.path[: Page.steplen])
    homes = HomePage.objects.filter(same_tree, live=True).select_related("locale")
    by_code = {home.locale.language_code: home for home in homes}
    return by_code.get(get_language()) or by_code.get(settings.LANGUAGE_CODE)
