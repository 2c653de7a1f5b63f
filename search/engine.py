"""What a person typed, in; every page that holds it, the best first, out.

All numbers that are shown (in the header, beside each filter, on the last page) are counted on the
one list of rows that `find` returns. The database only says which pages hold a stem: the rest is
crossing sets in memory (see `snapshot`).
"""

import contextlib
from itertools import islice

from django.db import DatabaseError, connection, transaction

from search.analyzer import clean, joined, title_key
from search.backends import store
from search.degradation import tell
from search.query import (
    Term,
    at_length,
    bare_words,
    begun,
    looked_for,
    mend,
    rewritten,
    terms,
)
from search.ranking import Asked, best_first, rarity
from search.results import Found
from search.scope import Scope
from search.set_operations import at_least, either, every, held
from search.snapshot import Held, Memory, any_of, memory

__all__ = ["Found", "Scope", "bare_words", "clean", "find", "suggest"]

# Twentieths of what all words of a query say: a page that lacks words says as much, or has a word
# in its title.
ENOUGH = 6
BEGUN = 3  # letters of a word that is completed while one types
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
    words = _held(said, known)
    found, partial = _matched(words, among, known)
    if not found:
        again = mend(said, scope, known, thorough=True)
        if again != said:
            said, words = again, _held(again, known)
            found, partial = _matched(words, among, known)
    if not found and any(term.said for term in said):
        words = _held(at_length(said), known)
        found, partial = _matched(words, among, known)[0], True
    if not found and len(said) > 1:
        found, partial = _any_of(words, among, known), True
    stems, phrases = looked_for(said)
    if not found:
        return Found(known=known, stems=stems, phrases=phrases)
    if order == "relevance":
        asked = _asked(query, said, known, scope.language)._replace(words=words)
        places = best_first(found, asked, known)
    else:
        places = _by(order, words if partial else [], known)
    return Found(found, places, known, stems, phrases, rewritten(said), partial)


def _asked(query: str, said: list[Term], known: Memory, language: str) -> Asked:
    """What ranking knows of a query; the words are held as `said` tells."""
    stems, phrases = looked_for(said)
    words = _held(said, known)
    numbers = [word for word, term in zip(words, said, strict=True) if term.is_number]
    near = [known.held(stem) for stem in joined(query, language)]
    return Asked(query, words, stems.union(*phrases), numbers, near)


def _held(said: list[Term], known: Memory) -> list[Held]:
    return [held(term.ways, known) for term in said]


def _any_of(words: list[Held], among: int, known: Memory) -> int:
    """The pages that hold one of the words, but those that say little by that."""
    return _telling(any_of(word.anywhere for word in words) & among, words, known)


def _matched(words: list[Held], among: int, known: Memory) -> tuple[int, bool]:
    """Pages with every word; of a whole question, pages with most of its words.

    When hardly any page holds them together, pages that hold nearly all of them are let in too;
    the answer says whether some page lacks a word.
    """
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
    if need == count:
        return found, False
    found = _telling(found, words, known)
    return found, bool(found & ~at_least(count, anywhere))


def _by(order: str, words: list[Held], known: Memory) -> list[int]:
    """All places in this order: those of pages with every word, then those that lack some.

    By title they are not set apart: an alphabet that begins twice is none.
    """
    places = known.order(order)
    if not words or order == "title":
        return places
    whole = known.mask(every([word.anywhere for word in words]))
    return sorted(places, key=lambda place: not whole[place])


def _telling(found: int, words: list[Held], known: Memory) -> int:
    """Of many pages that lack words, those whose words say enough of what was asked.

    « vendre œufs »: most pages sell, and say nothing of eggs by that. Worth is shared out in
    twentieths, so that sets are crossed instead of pages read one by one.
    """
    if found.bit_count() <= FEW:
        return found
    total = len(known.rows)
    said = [(word.anywhere & found, rarity(word.anywhere.bit_count(), total)) for word in words]
    said = [(bits, worth) for bits, worth in said if bits]
    whole = sum(worth for _, worth in said)
    shares = [bits for bits, worth in said for _ in range(round(20 * worth / whole))]
    titled = any_of(word.title for word in words)
    return (at_least(ENOUGH, shares) | titled) & found or found


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


def suggest(query: str, scope: Scope, *, count: int = 8, texts: bool = True) -> list[int]:
    """Up to `count` pages for words that are still being typed.

    First those whose titles have words beginning like those of `query`, then those that say them
    in a title or a heading as the search understands them: each way to say a word, errors mended,
    the last word completed. When there are none, those that say them in their `texts`.
    """
    starts = bare_words(query, scope.language)
    if not starts or len("".join(starts)) < 2:
        return []
    try:
        with _apart():
            known = memory()
            places = _titled(starts, scope, known)[:count]
            if len(places) < count and not known.ill:
                shown = set(places)
                found = _understood(query, scope, known, texts=texts and not places)
                places += islice((place for place in found if place not in shown), count)
            return [known.rows[place].page_id for place in places[:count]]
    except DatabaseError:
        tell()
        return []


def _understood(query: str, scope: Scope, known: Memory, *, texts: bool) -> list[int]:
    """The places of the pages that hold these words, the last of which may be the begin of one."""
    query, among = clean(query), known.within(scope)
    said = begun(mend(terms(query, scope.language), scope, known), scope.language)
    if not said:
        return []
    words = _held(said, known)
    if len(said[-1].typed) >= BEGUN and not said[-1].mended:
        words[-1] = either(words[-1], known.beginning(said[-1].typed))
    found = every([word.heads for word in words]) & among
    if not found and texts:
        found = _matched(words, among, known)[0]
        if not found and len(said) > 1:
            found = _any_of(words, among, known)
    asked = _asked(query, said, known, scope.language)._replace(words=words)
    return best_first(found, asked, known) if found else []
