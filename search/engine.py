"""What a person typed, in; every page that holds it, the best first, out.

All numbers that are shown (in the header, beside each filter, on the last page) are counted on the
one list of rows that `find` returns.
"""

import contextlib
import logging
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from search.looked import Looked, Row, Scope
from search.models import Document, Label
from search.query import Term, bare_words, looked, mend, rewritten, terms
from search.ranking import best_first
from search.store import store
from search.words import clean, title_key

__all__ = ["Found", "Scope", "bare_words", "clean", "find", "suggest"]

logger = logging.getLogger(__name__)
MOST_TITLES = 1000  # for a query made of stop words only
FEW = 10  # pages with every word: fewer, and none in its title, are not enough


@dataclass(frozen=True)
class Found:
    """The rows found, and how: what was mended, whether pages may lack a word, a broken index."""

    rows: list[Row] = field(default_factory=list)
    stems: frozenset[str] = frozenset()
    mended: str = ""
    partial: bool = False
    degraded: bool = False


def find(query: str, scope: Scope, *, order: str = "relevance") -> Found:
    """Every document of `scope` that holds `query`, or all of them when nothing is typed.

    `order`: relevance, recent, reviewed or title. Never raises for what was typed; when the index
    is ill, titles alone are searched and the answer says `degraded`.
    """
    query = clean(query)
    try:
        with _apart():
            return _find(query, scope, order)
    except DatabaseError:
        logger.exception("The search index is ill: manage.py rebuild_search")
        return _by_titles(query, scope, order)


def _apart() -> contextlib.AbstractContextManager:
    """A failed query must not spoil a transaction under way; alone, it needs none.

    (On SQLite a transaction takes the write lock, and a search has no business there.)
    """
    return transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext()


def _find(query: str, scope: Scope, order: str) -> Found:
    if not query:
        return Found(store().rows(Looked(), scope, "recent" if order == "relevance" else order))
    found = mend(terms(query, scope.language), scope)
    if not found:
        return _stop_words(query, scope, order)
    rows, partial = _rows(found, scope, order)
    if not rows:
        again = mend(found, scope, thorough=True)
        if again != found:
            found = again
            rows, partial = _rows(found, scope, order)
    if not rows and len(found) > 1:
        rows, partial = store().rows(looked(found, 1), scope, order), True
    if order == "relevance":
        rows = best_first(rows, query, found, scope)
    stems = frozenset(stem for term in found for way in term.ways for stem in way)
    return Found(rows, stems, rewritten(found) if rows else "", partial and bool(rows))


def _rows(found: list[Term], scope: Scope, order: str) -> tuple[list[Row], bool]:
    """Pages with every word; of a whole question, pages with most of its words.

    Two or three words that hardly any page holds together let pages in that hold nearly all.
    """
    every = len(found)
    need = every if every < 4 else -(-every * 3 // 5)
    rows = store().rows(looked(found, need), scope, order)
    few = (every in (2, 3) and 0 < len(rows) < FEW) or (every == 3 and not rows)
    if few and not store().holding(looked(found, every), scope, "title", "heads"):
        need, rows = every - 1, store().rows(looked(found, every - 1), scope, order)
    return rows, need < every


def _stop_words(query: str, scope: Scope, order: str) -> Found:
    """Nothing but small words: the pages whose titles have them all."""
    starts = bare_words(query, scope.language)
    if not starts:
        return Found()
    pages = store().titled(starts, scope, MOST_TITLES)
    if not pages:
        return Found()
    known = {row.page_id: row for row in store().rows(Looked(), scope, order)}
    kept = [pk for pk in known if pk in set(pages)] if order != "relevance" else pages
    return Found([known[pk] for pk in kept if pk in known])


def _by_titles(query: str, scope: Scope, order: str) -> Found:
    """What plain tables can tell: the pages whose titles hold every word."""
    documents = _in(scope)
    for word in title_key(query).split()[:12]:
        documents = documents.filter(title_key__contains=word)
    order = {"title": "title_key", "reviewed": "-reviewed"}.get(order, "-published")
    rows = documents.order_by(order, "-page_id").values_list("page_id", "kind", "labels")
    return Found([Row(*row, 0.0, 0) for row in rows], degraded=True)


def begins(name: str, starts: list[str], language: str) -> bool:
    """Whether `name` has, for each of `starts`, a word that begins so."""
    words = bare_words(name, language)
    return all(any(word.startswith(start) for word in words) for start in starts)


def any_labelled(name: str, scope: Scope) -> bool:
    """Whether a document of `scope` has this label."""
    label = Label.objects.filter(name=name).first()
    return label is not None and _in(scope).filter(labels__contains=label.sign).exists()


def _in(scope: Scope) -> QuerySet[Document]:
    where, params = scope.conditions("search_document")
    if not where:
        return Document.objects.all()
    return Document.objects.extra(where=[where.removeprefix(" AND ")], params=params)  # noqa: S610


def suggest(query: str, scope: Scope, *, count: int = 8) -> list[int]:
    """Up to `count` pages whose titles have words beginning like those of `query`."""
    starts = bare_words(query, scope.language)
    if not starts or len("".join(starts)) < 2:
        return []
    try:
        with _apart():
            return store().titled(starts, scope, count)
    except DatabaseError:
        logger.exception("The search index is ill: manage.py rebuild_search")
        return []
