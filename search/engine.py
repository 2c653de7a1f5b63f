"""Match a query against the documents, rank what matches, and suggest pages while one types.

All numbers that are shown (in the header, beside each filter, on the last page) are counted on the
one set of documents that `search` returns. The database only says which pages hold a stem: the rest
is operations on sets in memory (see `snapshot`).
"""

import contextlib
from itertools import islice

from django.db import DatabaseError, connection, transaction

from search.analyzer import clean, number_compounds, title_key
from search.backends import store
from search.degradation import log_damage
from search.query import (
    Term,
    all_words,
    complete_last,
    correct_spelling,
    corrected_query,
    expand_acronyms,
    highlights,
    parse,
)
from search.ranking import RankingQuery, best_first, rarity
from search.results import Results
from search.scope import Scope
from search.set_operations import at_least, intersection, merge, postings_of
from search.snapshot import Postings, Snapshot, current_snapshot, union

__all__ = ["Results", "Scope", "all_words", "clean", "search", "suggest"]

# Twentieths of the weight of all words of a query: a page that lacks words has at least as much,
# or has a word in its title.
MINIMUM_SHARE = 6
SHORTEST_PREFIX = 3  # letters of a word that is completed while one types
FEW = 10  # pages with all words: fewer, and none of them by its title, are not enough


def search(query: str, scope: Scope, *, order: str = "relevance") -> Results:
    """Every document of `scope` that matches `query`, or all of them when it is empty.

    `order`: relevance, recent, reviewed or title. Never raises for what was typed; when the index
    is damaged, titles alone are searched and the results say `degraded`.
    """
    query = clean(query)
    try:
        with _savepoint():
            results = _search(query, scope, order)
            if query and not results.bits:
                _check_index(results.snapshot)
            return results
    except DatabaseError:
        log_damage()
        return _search_titles(query, scope, order)


def _check_index(snapshot: Snapshot) -> None:
    """Nothing matched: raise an error if that is because the index is damaged."""
    if snapshot.is_fallback or (snapshot.position_of and store().empty()):
        raise DatabaseError("The words of the pages are lost.")


def _savepoint() -> contextlib.AbstractContextManager:
    """A failed query must not spoil a transaction under way; alone, it needs none.

    (On SQLite a transaction takes the write lock, and a search has no business there.)
    """
    return transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext()


def _search(query: str, scope: Scope, order: str) -> Results:
    snapshot = current_snapshot()
    candidates = snapshot.in_scope(scope)
    if snapshot.is_fallback and query:
        return Results(snapshot=snapshot)
    if not query:
        positions = snapshot.sorted_positions("recent" if order == "relevance" else order)
        return Results(candidates, positions, snapshot, degraded=snapshot.is_fallback)
    terms = correct_spelling(parse(query, scope.language), scope, snapshot)
    if not terms:
        return _search_stop_words(query, scope, order, snapshot)
    terms, words, matches, partial = _match(terms, scope, candidates, snapshot)
    stems, phrases = highlights(terms)
    if not matches:
        return Results(snapshot=snapshot, stems=stems, phrases=phrases)
    if order == "relevance":
        ranking_query = _ranking_query(query, terms, words, snapshot, scope.language)
        positions = best_first(matches, ranking_query, snapshot)
    else:
        positions = _sorted(order, words if partial else [], snapshot)
    return Results(matches, positions, snapshot, stems, phrases, corrected_query(terms), partial)


def _sorted(order: str, words: list[Postings], snapshot: Snapshot) -> list[int]:
    """All positions in this order; by date, the documents with every word before the others."""
    positions = snapshot.sorted_positions(order)
    if not words or order not in ("recent", "reviewed"):
        return positions
    complete = snapshot.mask(intersection([word.anywhere for word in words]))
    return sorted(positions, key=lambda position: not complete[position])


def _match(
    terms: list[Term], scope: Scope, candidates: int, snapshot: Snapshot
) -> tuple[list[Term], list[Postings], int, bool]:
    """(terms, their postings, the documents that match, whether some may lack a word).

    What matches nothing is tried again more and more loosely.
    """
    words = _postings(terms, snapshot)
    matches, partial = _match_most(words, candidates, snapshot)
    if not matches:
        corrected = correct_spelling(terms, scope, snapshot, thorough=True)
        if corrected != terms:
            terms, words = corrected, _postings(corrected, snapshot)
            matches, partial = _match_most(words, candidates, snapshot)
    if not matches and any(term.expansions for term in terms):
        words = _postings(expand_acronyms(terms), snapshot)
        matches, partial = _match_most(words, candidates, snapshot)[0], True
    if not matches and len(terms) > 1:
        matches, partial = _match_any(words, candidates, snapshot), True
    return terms, words, matches, partial


def _ranking_query(
    query: str, terms: list[Term], words: list[Postings], snapshot: Snapshot, language: str
) -> RankingQuery:
    """What ranking needs of a query; `words` are the postings that matched."""
    stems, phrases = highlights(terms)
    exact = _postings(terms, snapshot)
    numbers = [word for word, term in zip(exact, terms, strict=True) if term.is_number]
    compounds = [snapshot.postings(stem) for stem in number_compounds(query, language)]
    return RankingQuery(query, words, stems.union(*phrases), numbers, compounds)


def _postings(terms: list[Term], snapshot: Snapshot) -> list[Postings]:
    return [postings_of(term.variants, snapshot) for term in terms]


def _match_any(words: list[Postings], candidates: int, snapshot: Snapshot) -> int:
    """The documents that hold one of the words, without those where it weighs little."""
    return _weighty(union(word.anywhere for word in words) & candidates, words, snapshot)


def _match_most(words: list[Postings], candidates: int, snapshot: Snapshot) -> tuple[int, bool]:
    """(documents with every word, False); of a whole question, documents with most of its words.

    When hardly any document holds them together, documents that hold nearly all of them match too;
    the second value says whether some document lacks a word.
    """
    anywhere, titles = [word.anywhere for word in words], [word.title for word in words]
    count = len(words)
    need, least = (count, 1) if count < 4 else (-(-count * 3 // 5), -(-count * 2 // 5))
    matches = at_least(need, anywhere) & candidates
    while (
        need > least
        and (matches or need > 2)
        and matches.bit_count() < FEW
        and not at_least(need, titles) & candidates
    ):
        need -= 1
        matches = at_least(need, anywhere) & candidates
    if need == count:
        return matches, False
    matches = _weighty(matches, words, snapshot)
    return matches, bool(matches & ~at_least(count, anywhere))


def _weighty(matches: int, words: list[Postings], snapshot: Snapshot) -> int:
    """Of many documents that lack words, those whose words weigh enough in the query.

    « vendre œufs »: most pages sell, and say nothing of eggs by that. The weight of rare words is
    shared out in twentieths, so that sets are crossed instead of documents read one by one.
    """
    if matches.bit_count() <= FEW:
        return matches
    total = len(snapshot.rows)
    weights = [
        (word.anywhere & matches, rarity(word.anywhere.bit_count(), total)) for word in words
    ]
    weights = [(bits, weight) for bits, weight in weights if bits]
    whole = sum(weight for _, weight in weights)
    shares = [bits for bits, weight in weights for _ in range(round(20 * weight / whole))]
    in_titles = union(word.title for word in words)
    return (at_least(MINIMUM_SHARE, shares) | in_titles) & matches or matches


def _search_stop_words(query: str, scope: Scope, order: str, snapshot: Snapshot) -> Results:
    """Nothing but stop words: the documents whose titles have them all."""
    prefixes = all_words(query, scope.language)
    positions = _title_matches(prefixes, scope, snapshot) if prefixes else []
    matches = snapshot.bitset(positions)
    if order != "relevance":
        positions = snapshot.sorted_positions(order)
    return Results(matches, positions, snapshot)


def _title_matches(prefixes: list[str], scope: Scope, snapshot: Snapshot) -> list[int]:
    """The positions of titles with words that begin so: the shortest title, then the freshest."""
    pages = store().title_prefix_matches(prefixes)
    matches = snapshot.with_pages(pages) & snapshot.in_scope(scope)

    def rank(position: int) -> tuple[int, int]:
        row = snapshot.rows[position]
        return row.title_key.count(" "), -row.freshness

    return sorted(snapshot.positions(matches), key=rank)


def _search_titles(query: str, scope: Scope, order: str) -> Results:
    """What plain tables can answer: the documents whose titles hold every word."""
    snapshot = current_snapshot()
    words = title_key(query).split()[:12]
    matches = snapshot.bitset(
        position
        for position in snapshot.positions(snapshot.in_scope(scope))
        if all(word in snapshot.rows[position].title_key for word in words)
    )
    positions = snapshot.sorted_positions(order if order != "relevance" else "recent")
    return Results(matches, positions, snapshot, degraded=True)


def matches_prefixes(name: str, prefixes: list[str], language: str) -> bool:
    """Whether `name` has, for each of `prefixes`, a word that begins so."""
    words = all_words(name, language)
    return all(any(word.startswith(prefix) for word in words) for prefix in prefixes)


def any_labelled(name: str, scope: Scope) -> bool:
    """Whether a document of `scope` has this label."""
    snapshot = current_snapshot()
    return bool(snapshot.labelled([name]) & snapshot.in_scope(scope))


def suggest(query: str, scope: Scope, *, count: int = 8, texts: bool = True) -> list[int]:
    """Up to `count` pages for words that are still being typed.

    First those whose titles have words beginning like those of `query`, then those that match it
    in a title or a heading: synonyms, spelling corrected, the last word completed. When there are
    none, those that match in their `texts`.
    """
    prefixes = all_words(query, scope.language)
    if not prefixes or len("".join(prefixes)) < 2:
        return []
    try:
        with _savepoint():
            snapshot = current_snapshot()
            positions = _title_matches(prefixes, scope, snapshot)[:count]
            if len(positions) < count and not snapshot.is_fallback:
                listed = set(positions)
                others = _completions(query, scope, snapshot, texts=texts and not positions)
                positions += islice((one for one in others if one not in listed), count)
            return [snapshot.rows[position].page_id for position in positions[:count]]
    except DatabaseError:
        log_damage()
        return []


def _completions(query: str, scope: Scope, snapshot: Snapshot, *, texts: bool) -> list[int]:
    """The positions of the documents that match, the last word being perhaps incomplete."""
    query, candidates = clean(query), snapshot.in_scope(scope)
    terms = correct_spelling(parse(query, scope.language), scope, snapshot)
    terms = complete_last(terms, scope.language)
    if not terms:
        return []
    words = _postings(terms, snapshot)
    if len(terms[-1].typed) >= SHORTEST_PREFIX and not terms[-1].correction:
        words[-1] = merge(words[-1], snapshot.prefix_postings(terms[-1].typed))
    matches = intersection([word.headings for word in words]) & candidates
    if not matches and texts:
        matches = _match_most(words, candidates, snapshot)[0]
        if not matches and len(terms) > 1:
            matches = _match_any(words, candidates, snapshot)
    if not matches:
        return []
    ranking_query = _ranking_query(query, terms, words, snapshot, scope.language)
    return best_first(matches, ranking_query, snapshot)
