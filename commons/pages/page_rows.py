"""Pages as lists show them: one query for any mix of types, without their long texts."""

import functools
import re
from collections.abc import Iterable

from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.db import models
from django.db.models.functions import Coalesce
from wagtail.models import Page, Site, get_page_models
from wagtail.query import PageQuerySet

from commons.pages.cache_version import cached

A_PAGE = 20
ROOTS = "_wagtail_cached_site_root_paths"  # Wagtail's own cache, one an object
# Of the columns of a page, those that lists, feeds and addresses need.
LISTED = [
    *("title", "slug", "path", "depth", "url_path", "live", "locale", "translation_key"),
    *("content_type", "first_published_at", "last_published_at", "alias_of", "show_in_menus"),
    "locale__language_code",
]


def page_number(asked: str) -> int:
    """The number in `asked`, 1 when there is none; a thousand million at most."""
    if re.fullmatch(r"[0-9]+", asked):
        return int(asked) if len(asked) < 10 else 10**9
    return 1


def nearest(ids: models.QuerySet | list[int], number: int) -> ResultPage:
    """The page `number` of `ids`, or the nearest that exists."""
    paginator = Paginator(ids, A_PAGE)
    return paginator.page(min(max(1, number), paginator.num_pages))


def _lookups(*names: str) -> list[str]:
    """The paths from a plain page to the first of `names` that each page type has."""
    found = []
    for model in get_page_models():
        if model is Page or model._meta.proxy:
            continue
        own = {field.name for field in model._meta.local_fields}
        for name in names:
            if name in own:
                found.append(f"{model._meta.model_name}__{name}")
                break
    return found


def with_column(pages: PageQuerySet, alias: str, *names: str) -> PageQuerySet:
    """`pages` annotated with `alias`: the value under the first of `names` that its type has."""
    lookups = _lookups(*names)
    return pages.annotate(
        **{alias: Coalesce(*lookups) if len(lookups) > 1 else models.F(lookups[0])}
    )


def listed(pages: PageQuerySet) -> PageQuerySet:
    """`pages` with what a list shows: `summary`, `credit`, `image_id` (cover), `untranslated`."""
    if "image_id" in pages.query.annotations:
        return pages
    pages = with_column(pages, "summary", "summary", "lead")
    pages = with_column(with_column(pages, "credit", "credit"), "image_id", "cover")
    pages = pages.annotate(untranslated=models.F("untranslated_text__language"))
    return pages.select_related("locale").only(*LISTED)


@functools.cache
def everything() -> PageQuerySet:
    """All pages as lists show them, to be narrowed: their columns are put together only once."""
    return listed(Page.objects.all())


def with_roots(pages: Iterable[Page]) -> list[Page]:
    """The same pages, which know under which site they stand: their addresses cost no query."""
    pages = list(pages)
    if any(ROOTS not in vars(page) for page in pages):
        roots = cached("roots", Site.get_site_root_paths)
        for page in pages:
            setattr(page, ROOTS, roots)
    return pages


def in_order(pages: PageQuerySet, ids: list[int]) -> list[Page]:
    """The listed pages with these `ids`, in the order of `ids`."""
    if not ids:
        return []
    by_id = {page.pk: page for page in with_roots(listed(pages.filter(pk__in=ids)))}
    return [by_id[pk] for pk in ids if pk in by_id]
