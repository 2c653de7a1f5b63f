"""Search over the whole site: the visible pages that hold some words, and how many of each kind."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from django.utils.text import capfirst
from wagtail.coreutils import camelcase_to_underscore
from wagtail.models import Page

from commons.pages.listing import in_order, nearest
from commons.pages.visibility import closed_paths, visible_pages
from search import engine
from search.counting import kind_counts
from search.snippets import snippets


@dataclass(frozen=True)
class Kind:
    """A type of page among the results: its name in addresses, its name for people, how many."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True)
class Results:
    """What the search page shows; `found` tells how it was found."""

    query: str
    kinds: list[Kind]
    kind: str
    results: ResultPage
    found: engine.Found

    @property
    def total(self) -> int:
        return len(self.found.rows)


def find(query: str, *, kind: str, number: int, language: str, user) -> Results:
    """The visible pages in `language` that hold `query`; only those of one kind when it exists."""
    query = engine.clean(query)
    scope = engine.Scope(language=language, closed=closed_paths(user))
    found = engine.find(query, scope) if query else engine.Found()
    counts = kind_counts(found.rows)
    types = {_slug(content_type): content_type for content_type in counts}
    rows = [row for row in found.rows if kind not in types or row.kind == types[kind]]
    results = nearest([row.page_id for row in rows], number)
    results.object_list = with_snippets(
        in_order(visible_pages(user), list(results.object_list)), found
    )
    kinds = [Kind(slug, _name(pk), counts[pk]) for slug, pk in types.items()]
    kinds.sort(key=lambda found: (-found.count, found.name))
    return Results(query, kinds, kind if kind in types else "", results, found)


def with_snippets(pages: list[Page], found: engine.Found) -> list[Page]:
    """The same pages, each with its `snippet`: the words found, in their sentence."""
    texts = snippets([page.pk for page in pages], found.stems) if found.stems else {}
    for page in pages:
        page.snippet = texts.get(page.pk, "")
    return pages


def suggest(query: str, *, language: str, user) -> list[Page]:
    """A few visible pages in `language` whose title has words that start like those of `query`."""
    scope = engine.Scope(language=language, closed=closed_paths(user))
    return in_order(visible_pages(user), engine.suggest(query, scope))


def _slug(content_type: int) -> str:
    model = ContentType.objects.get_for_id(content_type).model_class()
    return camelcase_to_underscore((model or Page).__name__)


def _name(content_type: int) -> str:
    return capfirst(ContentType.objects.get_for_id(content_type).name)
