"""What a person typed, in; every page that holds it, the best first, out.

All numbers that are shown (in the header, beside each filter, on the last page) are counted on the
one list of rows that `find` returns. The database only says which pages hold a stem: the rest is
crossing sets in memory (see `memory`).
"""

import contextlib

from django.db import DatabaseError, connection, transaction

from search.found import Found
from search.illness import tell
from search.looked import Scope
from search.matching import at_least, held
from search.memory import Held, Memory, memory
from search.query import Term, at_length, bare_words, beside, looked_for, mend, rewritten, terms
from search.ranking import best_first
from search.store import store
from search.words import clean, title_key

__all__ = ["Found", "Scope", "bare_words", "clean", "find", "suggest"]

FEW = 10  # pages with all words asked for: fewer, and none in its title, are not enough


def find(query: str, scope: Scope, *, order: str = "relevance") -> Found:
    """Every document of `scope` that holds `query`, or all of them when nothing is typed.

    `order`: relevance, recent, reviewed or title. Never raises for what was typed; when the index
    is ill, titles alone are searched and the answer says `degraded`.
    """
    query = clean(query)
    try:
        with _apart():
            found = _find(query, scope, order)
            if query and not found.bits:
                _check(found.known)
            return found
    except DatabaseError:
        tell()
        return _by_titles(query, scope, order)


def _check(known: Memory) -> None:
    """Nothing was found: raise an error if that is because the index is ill."""
    if known.ill or (known.at and store().empty()):
        raise DatabaseError("The words of the pages are lost.")


def _apart() -> contextlib.AbstractContextManager:
    """A failed query must not spoil a transaction under way; alone, it needs none.

    (On SQLite a transaction takes the write lock, and a search has no business there.)
    """
    return transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext()


def _find(query: str, scope: Scope, order: str) -> Found:
    known = memory()
    among = known.within(scope)
    if known.ill and query:
        return Found(known=known)
    if not query:
        order = "recent" if order == "relevance" else order
        return Found(among, known.order(order), known, degraded=known.ill)
    said = mend(terms(query, scope.language), scope, known)
    if not said:
        return _stop_words(query, scope, order, known)
    found, words, partial = _matched(said, among, known)
    if not found:
        again = mend(said, scope, known, thorough=True)
        if again != said:
            said = again
            found, words, partial = _matched(said, among, known)
    if not found and any(term.said for term in said):
        found, words, partial = *_matched(at_length(said), among, known)[:2], True
    if not found and len(said) > 1:
        found, partial = at_least(1, [word.anywhere for word in words]) & among, True
    stems, phrases = looked_for(said)
    if not found:
        return Found(known=known, stems=stems, phrases=phrases)
    if order == "relevance":
        near = [known.held(stem) for stem in beside(said, scope.language)]
        places = best_first(found, query, words, stems.union(*phrases), known, near=near)
    else:
        places = known.order(order)
    return Found(found, places, known, stems, phrases, rewritten(said), partial)


def _matched(said: list[Term], among: int, known: Memory) -> tuple[int, list[Held], bool]:
    """Pages with every word; of a whole question, pages with most of its words.

    When hardly any page holds them together, pages that hold nearly all of them are let in too.
    """
    words = [held(term.ways, known) for term in said]
    anywhere, titles = [word.anywhere for word in words], [word.title for word in words]
    count = len(words)
    need, least = (count, 1) if count < 4 else (-(-count * 3 // 5), -(-count * 2 // 5))
    found = at_least(need, anywhere) & among
    while (
        need > least
        and (found or need > 2)
        and found.bit_count() < FEW
        and not at_least(need, titles) & among
    ):
        need -= 1
        found = at_least(need, anywhere) & among
    return found, words, need < count


def _stop_words(query: str, scope: Scope, order: str, known: Memory) -> Found:
    """Nothing but small words: the pages whose titles have them all."""
    starts = bare_words(query, scope.language)
    places = _titled(starts, scope, known) if starts else []
    found = known.bits(places)
    return Found(found, places if order == "relevance" else known.order(order), known)


def _titled(starts: list[str], scope: Scope, known: Memory) -> list[int]:
    """The places of titles with words that begin so: the shortest title, then the freshest."""
    found = known.of(store().titled(starts)) & known.within(scope)

    def rank(place: int) -> tuple[int, int]:
        row = known.rows[place]
        return row.title_key.count(" "), -row.freshness

    return sorted(known.places(found), key=rank)


def _by_titles(query: str, scope: Scope, order: str) -> Found:
    """What plain tables can tell: the pages whose titles hold every word."""
    known = memory()
    words = title_key(query).split()[:12]
    titles = ((place, known.rows[place].title_key) for place in known.places(known.within(scope)))
    found = known.bits(place for place, title in titles if all(word in title for word in words))
    places = known.order(order if order != "relevance" else "recent")
    return Found(found, places, known, degraded=True)


def begins(name: str, starts: list[str], language: str) -> bool:
    """Whether `name` has, for each of `starts`, a word that begins so."""
    words = bare_words(name, language)
    return all(any(word.startswith(start) for word in words) for start in starts)


def any_labelled(name: str, scope: Scope) -> bool:
    """Whether a document of `scope` has this label."""
    known = memory()
    return bool(known.labelled([name]) & known.within(scope))


def suggest(query: str, scope: Scope, *, count: int = 8) -> list[int]:
    """Up to `count` pages whose titles have words beginning like those of `query`."""
    starts = bare_words(query, scope.language)
    if not starts or len("".join(starts)) < 2:
        return []
    try:
        with _apart():
            known = memory()
            places = _titled(starts, scope, known)[:count]
            return [known.rows[place].page_id for place in places]
    except DatabaseError:
        tell()
        return []
