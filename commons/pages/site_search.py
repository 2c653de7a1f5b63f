"""Search over the whole site: the visible pages that hold some words, and how many of each kind."""

from dataclasses import dataclass, replace

from django.core.paginator import Page as ResultPage
from django.utils.text import capfirst
from wagtail.models import Page

from commons.pages.card_notes import with_card_notes
from commons.pages.page_rows import in_order, nearest
from commons.pages.visibility import closed_paths, visible_pages
from commons.taxonomy.classification import names_by_slug
from commons.taxonomy.models import Vocabulary
from search import contract, zero_result_queries
from search.analyzer import all_words, clean, matches_prefixes
from search.config import searchable_types, type_name
from search.contract import Query, Scope

NO_KIND = (0,)  # of no page: without words, nothing is listed


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
    found: contract.Results

    @property
    def total(self) -> int:
        return self.found.matching


def find(  # noqa: PLR0913 (keywords, as a reader's request has them)
    text: str, *, kind: str, number: int, language: str, user, source: str = ""
) -> Results:
    """The visible pages in `language` that hold `text`; only those of one kind when it exists."""
    text = clean(text)
    scope = Scope(language=language, closed=closed_paths(user))
    if not text:
        scope = replace(scope, kinds=NO_KIND)
    query = Query(text, scope, facets=["type"])
    names = {type_name(model): capfirst(model._meta.verbose_name) for model in searchable_types()}
    found = contract.search(replace(query, filters={"type": [kind]}) if kind in names else query)
    if not found.total and found.matching:
        kind, found = "", contract.search(query)
    if not found.matching and not found.degraded:
        zero_result_queries.record(text, language, source=source)
    results = nearest(found.ids, number)
    pages = with_card_notes(in_order(visible_pages(user), results.object_list), user=user)
    results.object_list = with_snippets(pages, found)
    counts = found.facets["type"].counts
    kinds = [Kind(slug, names.get(slug, slug), count) for slug, count in counts.items()]
    kinds.sort(key=lambda kind: (-kind.count, kind.name))
    return Results(text, kinds, kind if kind in counts else "", results, found)


def with_snippets(pages: list[Page], found: contract.Results) -> list[Page]:
    """The same pages, each with its `snippet`: the words found, in their sentence."""
    texts = found.snippets([page.pk for page in pages])
    for page in pages:
        page.snippet = texts.get(page.pk, "")
    return pages


def suggest(text: str, *, language: str, user) -> tuple[list[str], list[Page]]:
    """Up to two themes and a few visible pages in `language` for words that are being typed."""
    scope = Scope(language=language, closed=closed_paths(user))
    themes = _themes(text, scope)
    pages = contract.suggest(text, scope, texts=not themes)
    return themes, in_order(visible_pages(user), pages)


def _themes(text: str, scope: Scope) -> list[str]:
    """The names of themes that begin so and that some visible page has."""
    prefixes = all_words(text, scope.language)
    if len("".join(prefixes)) < 2:
        return []
    named = {
        slug: name
        for (_, slug), name in names_by_slug([Vocabulary.THEME]).items()
        if matches_prefixes(name, prefixes, scope.language)
    }
    if not named:
        return []
    used = contract.search(Query(scope=scope, facets=["theme"])).facets["theme"].counts
    return [name for slug, name in named.items() if slug in used][:2]
