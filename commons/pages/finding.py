"""Search over the whole site: the visible pages that hold some words, and how many of each kind."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from django.db.models import Count
from django.utils.text import capfirst
from wagtail.coreutils import camelcase_to_underscore
from wagtail.models import Page

from commons.pages.listing import in_order, nearest
from commons.pages.visibility import visible_pages
from search import engine


@dataclass(frozen=True)
class Kind:
    """A type of page among the results: its name in addresses, its name for people, how many."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True)
class Found:
    query: str
    kinds: list[Kind]
    kind: str
    results: ResultPage

    @property
    def total(self) -> int:
        return sum(kind.count for kind in self.kinds)


def find(query: str, *, kind: str, number: int, language: str, user) -> Found:
    """The visible pages in `language` that hold `query`; only those of one kind when it exists."""
    query = engine.clean(query)
    pages = visible_pages(user).filter(locale__language_code=language, depth__gt=1)
    hits = engine.matching(query, pages)
    counted = pages.filter(pk__in=hits).order_by().values_list("content_type")
    types = {_slug(pk): (pk, count) for pk, count in counted.annotate(number=Count("pk"))}
    kinds = [Kind(slug, _name(pk), count) for slug, (pk, count) in types.items()]
    if kind in types:
        kept = set(
            pages.filter(content_type=types[kind][0], pk__in=hits).values_list("pk", flat=True)
        )
        hits = [pk for pk in hits if pk in kept]
    results = nearest(hits, number)
    results.object_list = in_order(pages, list(results.object_list))
    kinds.sort(key=lambda found: (-found.count, found.name))
    return Found(query, kinds, kind if kind in types else "", results)


def suggest(query: str, *, language: str, user) -> list[Page]:
    """A few visible pages in `language` whose title has words that start like those of `query`."""
    pages = visible_pages(user).filter(locale__language_code=language, depth__gt=1)
    return in_order(pages, engine.suggestions(query, pages))


def _slug(content_type: int) -> str:
    model = ContentType.objects.get_for_id(content_type).model_class()
    return camelcase_to_underscore((model or Page).__name__)


def _name(content_type: int) -> str:
    return capfirst(ContentType.objects.get_for_id(content_type).name)
