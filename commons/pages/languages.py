"""The same page in other languages, and the language of a visit where the address does not tell."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from django.conf import settings
from django.db.models import F
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import get_language, get_language_from_path, get_language_info
from wagtail.models import Page, Site

from commons.pages.page_rows import LISTED, with_roots
from commons.pages.visibility import visible_pages

CODES = [code for code, _name in settings.LANGUAGES]
PARAMETER = "langue"


@dataclass(frozen=True)
class Language:
    """A language of the site; `url` always leads somewhere in it, with the filters in use.

    `address` is that of the very content being read, whole, without filters; empty where there is
    none that a search engine should know.
    """

    code: str
    name: str
    url: str
    address: str
    current: bool
    translated: bool = True  # whether what is read there is in this language

    @property
    def default(self) -> bool:
        """Whether it is the language of those whose own the site does not speak."""
        return self.code == settings.LANGUAGE_CODE


def languages(
    *, page: Page | None, path: str, query: dict[str, list], site: Site | None, user
) -> list[Language]:
    """Each language, with the address of what is read at `path` in it. One query, for a page.

    `page` is the page read, None for a view that is not a page; only public translations count.
    Filters and words looked for are kept, since they mean the same in each language.
    """
    left: set[str] = set()
    if page is not None and page.pk:
        paths, left = _of_page(page, user)
    else:
        paths = _of_view(path)
    told = get_language_from_path(path) is not None
    here = page.locale.language_code if page is not None else get_language()
    found = []
    for code in CODES:
        kept = {name: values for name, values in query.items() if name != PARAMETER}
        kept |= {} if told else {PARAMETER: [code]}
        search = f"?{urlencode(kept, doseq=True)}" if kept else ""
        found.append(
            Language(
                code=code,
                name=get_language_info(code)["name_local"].capitalize(),
                url=f"{paths[code]}{search}" if code in paths else f"/{code}/",
                address=f"{site.root_url}{paths[code]}" if site and told and code in paths else "",
                current=code == here,
                translated=code not in left,
            )
        )
    return found


def readable_in(pages: Iterable[Page], *, language: str, user) -> dict[uuid.UUID, Page]:
    """What to show a reader of each of `pages`, by translation key: its copy in `language`, else
    itself; nothing of what they may not see. One query.
    """
    own = {page.pk: page.translation_key for page in pages}
    found = visible_pages(user).filter(translation_key__in=own.values()).select_related("locale")
    # The last one counts.
    best = sorted(
        with_roots(found), key=lambda page: (page.locale.language_code == language, page.pk in own)
    )
    return {page.translation_key: page for page in best}


def _of_page(page: Page, user) -> tuple[dict[str, str], set[str]]:
    """The address of `page` in each language, and those languages in which it is not translated."""
    same = visible_pages(user).filter(translation_key=page.translation_key)
    same = same.annotate(untranslated=F("untranslated_text__language"))
    same = with_roots(same.only(*LISTED, "locale__language_code").select_related("locale"))
    found = {other.locale.language_code: other for other in same}
    paths = {code: urlsplit(other.url).path for code, other in found.items() if other.url}
    return paths, {code for code, other in found.items() if other.untranslated}


def _of_view(path: str) -> dict[str, str]:
    """The addresses of one of our views; none for an address where there is nothing."""
    try:
        match = resolve(path)
    except Resolver404:
        return {}
    if match.url_name == "wagtail_serve":
        return {}
    return {code: translate_url(path, code) for code in CODES}


def language_of_visit(*, path: str, query: dict, referer: str, user) -> str | None:
    """The language to answer in, where the address has none; None where it has.

    In the admin, the member's own, which their Wagtail profile may change. Elsewhere what the
    visitor just asked for, else what the member chose, else the language of the page they come
    from, else the site's own. Never a guess from the browser.
    """
    if get_language_from_path(path):
        return None
    member = getattr(user, "language", None)
    if path.startswith("/admin/"):
        return member if member in CODES else settings.LANGUAGE_CODE
    origin = _parts_of(referer)
    before = {key: values[-1] for key, values in parse_qs(origin.query).items()}
    asked = query.get(PARAMETER) or before.get(PARAMETER)
    pages = (query.get("next"), origin.path, before.get("next"))
    trail = (get_language_from_path(_parts_of(page).path) for page in pages if page)
    found = [asked, member, *trail]
    return next((code for code in found if code in CODES), settings.LANGUAGE_CODE)


def _parts_of(address: str) -> SplitResult:
    """The parts of an address that a stranger sent; none of one that is not an address."""
    try:
        return urlsplit(address)
    except ValueError:  # « http://[ »
        return urlsplit("")


def elsewhere(*, path: str, user) -> list[Page]:
    """Visible pages in other languages with the last part of `path` as slug: for an address
    where there is nothing, the page that the visitor may have meant. One query."""
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    here = get_language_from_path(path)
    if not here or not slug or slug in CODES or "\x00" in slug:
        return []
    others = visible_pages(user).filter(slug=slug[:255]).exclude(locale__language_code=here)
    return list(others.select_related("locale").order_by("pk")[:3])
