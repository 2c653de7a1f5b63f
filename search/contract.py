"""The contract of search: what the site asks of a back end, whichever one keeps the documents.

A back end is a package with the functions below, and must pass `tests/search/contract`. It knows
documents, facets and orders; nobody outside `search` knows how it keeps them.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import NamedTuple, Protocol

from django.utils.safestring import SafeString

from search.analyzer import Variant
from search.extract import Entry

# Besides relevance: the last published, the last reviewed, by title, and by the rank that a section
# gives its documents (`Entry.rank`), the smallest first.
ORDERS = ("relevance", "recent", "reviewed", "title", "rank")


@dataclass(frozen=True)
class Scope:
    """Which documents a search may find: of a language, of some content types, below a page of the
    tree, outside closed parts of it.

    `within` is the path of that page; `closed` holds the paths of what the person may not see: the
    rule itself stands elsewhere.
    """

    language: str = ""
    kinds: tuple[int, ...] = ()
    within: str = ""
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Query:
    """A search. `text` is read in the language of the scope; without it, every document matches.

    `filters` holds the values asked for in some facets (« theme » -> « logistique »): one of them
    in each facet. `facets` are those to count. A label « theme:logistique » is the value
    « logistique » of the facet « theme »; « type » is the facet of page types.
    """

    text: str = ""
    scope: Scope = Scope()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: str = "relevance"
    facets: Sequence[str] = ()


class Facet(NamedTuple):
    """The documents that pass the filters of all other facets: how many, and how many a value."""

    total: int
    counts: Mapping[str, int]


class Results(Protocol):
    """What a search found; all its numbers are counted on the same documents."""

    ids: Sequence[int]  # of the pages, in order; only slices of it are read
    total: int  # documents that match and pass every filter
    matching: int  # documents that match, whatever the filters
    facets: Mapping[str, Facet]  # those that the query asked for
    corrected_query: str  # with its spelling corrected, "" when nothing was
    partial: bool  # some documents lack a word of the query
    degraded: bool  # the index is out of order, and only titles were searched

    def snippets(self, page_ids: list[int]) -> dict[int, SafeString]:
        """Page -> its best sentence, as safe HTML with the words in <mark>; none for some pages."""


@functools.cache
def _backend() -> ModuleType:
    return import_module("search.embedded.backend")


def search(query: Query) -> Results:
    """What matches `query`. Never raises for what was typed, nor when the index is damaged."""
    return _backend().search(query)


def suggest(text: str, scope: Scope, *, count: int = 8, texts: bool = True) -> list[int]:
    """Up to `count` pages for words that are still being typed.

    First those whose titles have words beginning like those of `text`, then those that match it in
    a title or a heading: synonyms, spelling corrected, the last word completed. When there are
    none, those that match in their `texts`.
    """
    return _backend().suggest(text, scope, count=count, texts=texts)


def similar(weights: Mapping[str, float], scope: Scope, *, exclude: int, count: int) -> list[int]:
    """The pages of `scope` whose labels weigh most, by label, and the latest pages among equals.

    Without the page `exclude`. Of a label that very many have, only the latest are compared.
    """
    return _backend().similar(weights, scope, exclude=exclude, count=count)


def put(entries: list[Entry]) -> None:
    """Index these documents, in the transaction of the caller.

    A damaged index keeps nobody from publishing: the error is logged.
    """
    _backend().put(entries)


def delete(page_ids: Iterable[int]) -> None:
    """Remove these documents from the index, in the transaction of the caller."""
    _backend().delete(page_ids)


def rebuild() -> Iterator[int]:
    """Index everything again, and yield how many pages were read, batch by batch.

    The site goes on searching the old index; the new one serves once the iterator ends.
    """
    return _backend().rebuild()


def rename_label(old: str, new: str) -> None:
    """Give a label another name, or none, on all documents at once."""
    if old != new:
        _backend().rename_label(old, new)


def update_paths() -> None:
    """Follow a move: it changes the paths of a page, of those below and of its siblings."""
    _backend().update_paths()


def pages_holding(variants: Iterable[Variant]) -> set[int]:
    """The pages that hold all the terms of one of `variants`, in any language."""
    return _backend().pages_holding(variants)


def erase_words(*texts: str) -> None:
    """Delete for good the words of `texts` that no published page holds: they may be a name.

    The words of all documents that were deleted before leave the disk, without a text too.
    """
    _backend().erase_words(*texts)


def faults() -> list[str]:
    """What is missing or damaged, in words for `doctor`; `rebuild` repairs it."""
    return _backend().faults()
