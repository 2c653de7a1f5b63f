"""Search over the whole site: the visible pages that hold some words, and how many of each kind."""

from dataclasses import dataclass
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from django.utils.text import capfirst
from wagtail.coreutils import camelcase_to_underscore
from wagtail.models import Page

from commons.pages.card_notes import with_card_notes
from commons.pages.page_rows import in_order, nearest
from commons.pages.visibility import closed_paths, visible_pages
from commons.taxonomy.classification import names_by_slug
from commons.taxonomy.models import Vocabulary
from search import engine, zero_result_queries
from search.facet_counts import kind_counts
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
    found: engine.Results

    @property
    def total(self) -> int:
        return self.found.bits.bit_count()


def find(  # noqa: PLR0913 (keywords, as a reader's request has them)
    query: str, *, kind: str, number: int, language: str, user, source: str = ""
) -> Results:
    """The visible pages in `language` that hold `query`; only those of one kind when it exists."""
    query = engine.clean(query)
    scope = engine.Scope(language=language, closed=closed_paths(user))
    found = engine.search(query, scope) if query else engine.Results()
    if query and not found.bits and not found.degraded:
        zero_result_queries.record(query, language, source=source)
    counts = kind_counts(found.bits, found.snapshot)
    types = {_slug(content_type): content_type for content_type in counts}
    of_kind = found.snapshot.kinds[types[kind]] if kind in types else found.bits
    results = nearest(found.ids(of_kind), number)
    pages = with_card_notes(in_order(visible_pages(user), results.object_list), user=user)
    results.object_list = with_snippets(pages, found)
    kinds = [Kind(slug, _name(pk), counts[pk]) for slug, pk in types.items()]
    kinds.sort(key=lambda found: (-found.count, found.name))
    return Results(query, kinds, kind if kind in types else "", results, found)


def with_snippets(pages: list[Page], found: engine.Results) -> list[Page]:
    """The same pages, each with its `snippet`: the words found, in their sentence."""
    looked = found.stems or found.phrases
    texts = snippets([page.pk for page in pages], found.stems, found.phrases) if looked else {}
    for page in pages:
        page.snippet = texts.get(page.pk, "")
    return pages


def suggest(query: str, *, language: str, user) -> tuple[list[str], list[Page]]:
    """Up to two themes and a few visible pages in `language` for words that are being typed."""
    scope = engine.Scope(language=language, closed=closed_paths(user))
    themes = _themes(query, scope)
    return themes, in_order(visible_pages(user), engine.suggest(query, scope, texts=not themes))


def _themes(query: str, scope: engine.Scope) -> list[str]:
    """The names of themes that begin so and that some visible page has."""
    starts = engine.all_words(query, scope.language)
    if len("".join(starts)) < 2:
        return []
    named = (
        (slug, name)
        for (_, slug), name in names_by_slug([Vocabulary.THEME]).items()
        if engine.matches_prefixes(name, starts, scope.language)
    )
    found = (name for slug, name in named if engine.any_labelled(f"theme:{slug}", scope))
    return list(islice(found, 2))


def _slug(content_type: int) -> str:
    model = ContentType.objects.get_for_id(content_type).model_class()
    return camelcase_to_underscore((model or Page).__name__)


def _name(content_type: int) -> str:
    return capfirst(ContentType.objects.get_for_id(content_type).name)
