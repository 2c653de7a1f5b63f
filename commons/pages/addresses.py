"""From an address to the page that stands there, for whoever may see it."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet

from commons.pages.cache_version import cached
from commons.pages.models import HomePage
from commons.pages.page_rows import with_roots
from commons.pages.visibility import visible_pages


def path_of(page: Page) -> str:
    """Where `page` stands under the home of its language: « se-documenter/mon-guide »."""
    language = page.locale.language_code
    return page.get_url_parts()[2].removeprefix(f"/{language}/").strip("/")


def page_at(path: str, *, language: str, user) -> Page | None:
    """The visible page whose address under the home of `language` is `path`, as its own type."""
    url_path = _url_path(path, language)
    # Slugs have an index, whole addresses do not.
    here = {"slug": url_path.split("/")[-2], "url_path": url_path} if url_path else {"pk": None}
    return _specific(visible_pages(user).filter(**here), "locale")


def standing_at(path: str, *, site: Site | None) -> Page | None:
    """The published page at `path` under the home of the active language, for Wagtail to serve.

    Two queries, where Wagtail asks one or two a level; it then checks who may read the page.
    """
    if site is None:
        return None
    key = ("root", site.pk, get_language())
    root = cached(key, lambda: site.root_page.localized)
    parts = [part for part in path.split("/") if part]
    # Slugs have an index, whole addresses do not.
    slug = parts[-1] if parts else root.slug
    url_path = "/".join([root.url_path.rstrip("/"), *parts, ""])
    found = Page.objects.filter(slug=slug, url_path=url_path, live=True)
    page = _specific(found, "locale", "cover", "restricted")
    if page is None:
        return None
    if not hasattr(page, "restricted"):  # Wagtail need not look for what closes it
        page.get_view_restrictions = PageViewRestriction.objects.none
    above = ("page", page.path[: -page.steplen])
    page._cached_parent_obj = cached(above, page.get_parent)  # treebeard's own cache
    return page


def _specific(pages: PageQuerySet, *joined: str) -> Page | None:
    """The first of `pages` as its own type, with those of these relations that its type has."""
    pk, kind = pages.values_list("pk", "content_type_id").first() or (None, None)
    model = kind and ContentType.objects.get_for_id(kind).model_class()
    if not model:
        return None
    known = {field.name for field in model._meta.get_fields()}
    found = model.objects.select_related(*known.intersection(joined)).filter(pk=pk)
    return next(iter(with_roots(found)), None)


def withdrawn_at(path: str, *, language: str) -> bool:
    """Whether a page that everybody could read once stood at `path`, and no longer does."""
    url_path = _url_path(path, language)
    if not url_path:
        return False
    published_once = Page.objects.not_live().filter(first_published_at__isnull=False)
    page = published_once.filter(url_path=url_path).first()
    return page is not None and not page.get_view_restrictions().exists()


def _url_path(path: str, language: str) -> str:
    """`path` under the home of `language`, as Wagtail stores it; empty without such a home."""
    if "\x00" in path:  # PostgreSQL refuses it in a query
        return ""
    homes = HomePage.objects.filter(locale__language_code=language, depth=2).order_by("path")
    home = cached(("home", language), homes.first)
    return f"{home.url_path}{path.strip('/')}/" if home else ""
