"""Match a query against the documents, rank what matches, and suggest pages while one types.

All numbers that are shown (in the header, beside each filter, on the last page) are counted on the
one set of documents that `search` returns. The database only says which pages hold a stem: the rest
is operations on sets in memory (see `snapshot`).
"""

import contextlib
from collections.abc import Mapping
from itertools import islice

from django.db import DatabaseError, connection, transaction

from search.analyzer import all_words, clean, number_compounds, title_key
from search.contract import Query, Scope
from search.degradation import log_damage
from search.embedded.backends import store
from search.embedded.ranking import RankingQuery, best_first, rarity
from search.embedded.results import Results
from search.embedded.set_operations import at_least, intersection, merge, postings_of
from search.embedded.snapshot import Postings, Snapshot, current_snapshot, union
from search.embedded.terms import (
    Term,
    complete_last,
    correct_spelling,
    corrected_query,
    expand_acronyms,
    highlights,
    parse,
)

# Twentieths of the weight of all words of a query: a page that lacks words has at least as much,
# or has a word in its title.
MINIMUM_SHARE = 6
SHORTEST_PREFIX = 3  # letters of a word that is completed while one types
FEW = 10  # pages with all words: fewer, and none of them by its title, are not enough
# So many of the latest documents of a label are compared: it costs the same among a hundred and ten
# thousand, and a label that tells much has few.
COMPARED = 60


def search(query: Query) -> Results:
    text = clean(query.text)
    try:
        with _savepoint():
            results = _search(query, text)
            if text and not results.matches:
                _check_index(results.snapshot)
            return results
    except DatabaseError:
        log_damage()
        return _search_titles(query, text)


def _check_index(snapshot: Snapshot) -> None:
    """Nothing matched: raise an error if that is because the index is damaged."""
    if snapshot.is_fallback or (snapshot.position_of and store().empty()):
        raise DatabaseError("The words of the pages are lost.")


def _savepoint() -> contextlib.AbstractContextManager:
    """A failed query must not spoil a transaction under way; alone, it needs none.

    (On SQLite a transaction takes the write lock, and a search has no business there.)
    """
    return transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext()


def _search(query: Query, text: str) -> Results:
    snapshot, scope, order = current_snapshot(), query.scope, query.order
    candidates = snapshot.in_scope(scope)
    if snapshot.is_fallback and text:
        return Results(query, snapshot)
    if not text:
        positions = snapshot.sorted_positions("recent" if order == "relevance" else order)
        return Results(query, snapshot, candidates, positions, degraded=snapshot.is_fallback)
    terms = correct_spelling(parse(text, scope.language), scope, snapshot)
    if not terms:
        return _search_stop_words(query, text, snapshot)
    terms, words, matches, partial = _match(terms, scope, candidates, snapshot)
    stems, phrases = highlights(terms)
    if not matches:
        return Results(query, snapshot, stems=stems, phrases=phrases)
    if order == "relevance":
        ranking_query = _ranking_query(text, terms, words, snapshot, scope.language)
        positions = best_first(matches, ranking_query, snapshot)
    else:
        positions = _sorted(order, words if partial else [], snapshot)
    correction = corrected_query(terms)
    return Results(query, snapshot, matches, positions, stems, phrases, correction, partial)


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
    text: str, terms: list[Term], words: list[Postings], snapshot: Snapshot, language: str
) -> RankingQuery:
    """What ranking needs of a query; `words` are the postings that matched."""
    stems, phrases = highlights(terms)
    exact = _postings(terms, snapshot)
    numbers = [word for word, term in zip(exact, terms, strict=True) if term.is_number]
    compounds = [snapshot.postings(stem) for stem in number_compounds(text, language)]
    return RankingQuery(text, words, stems.union(*phrases), numbers, compounds)


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


def _search_stop_words(query: Query, text: str, snapshot: Snapshot) -> Results:
    """Nothing but stop words: the documents whose titles have them all."""
    prefixes = all_words(text, query.scope.language)
    positions = _title_matches(prefixes, query.scope, snapshot) if prefixes else []
    matches = snapshot.bitset(positions)
    if query.order != "relevance":
        positions = snapshot.sorted_positions(query.order)
    return Results(query, snapshot, matches, positions)


def _title_matches(prefixes: list[str], scope: Scope, snapshot: Snapshot) -> list[int]:
    """The positions of titles with words that begin so: the shortest title, then the freshest."""
    pages = store().title_prefix_matches(prefixes)
    matches = snapshot.with_pages(pages) & snapshot.in_scope(scope)

    def rank(position: int) -> tuple[int, int]:
        row = snapshot.rows[position]
        return row.title_key.count(" "), -row.freshness

    return sorted(snapshot.positions(matches), key=rank)


def _search_titles(query: Query, text: str) -> Results:
    """What plain tables can answer: the documents whose titles hold every word."""
    snapshot = current_snapshot()
    words = title_key(text).split()[:12]
    matches = snapshot.bitset(
        position
        for position in snapshot.positions(snapshot.in_scope(query.scope))
        if all(word in snapshot.rows[position].title_key for word in words)
    )
    order = "recent" if query.order == "relevance" else query.order
    return Results(query, snapshot, matches, snapshot.sorted_positions(order), degraded=True)


def suggest(text: str, scope: Scope, *, count: int, texts: bool) -> list[int]:
    prefixes = all_words(text, scope.language)
    if not prefixes or len("".join(prefixes)) < 2:
        return []
    try:
        with _savepoint():
            snapshot = current_snapshot()
            positions = _title_matches(prefixes, scope, snapshot)[:count]
            if len(positions) < count and not snapshot.is_fallback:
                listed = set(positions)
                others = _completions(clean(text), scope, snapshot, texts=texts and not positions)
                positions += islice((one for one in others if one not in listed), count)
            return [snapshot.rows[position].page_id for position in positions[:count]]
    except DatabaseError:
        log_damage()
        return []


def _completions(text: str, scope: Scope, snapshot: Snapshot, *, texts: bool) -> list[int]:
    """The positions of the documents that match, the last word being perhaps incomplete."""
    candidates = snapshot.in_scope(scope)
    terms = correct_spelling(parse(text, scope.language), scope, snapshot)
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
    ranking_query = _ranking_query(text, terms, words, snapshot, scope.language)
    return best_first(matches, ranking_query, snapshot)


def similar(weights: Mapping[str, float], scope: Scope, *, exclude: int, count: int) -> list[int]:
    snapshot = current_snapshot()
    candidates, rows = snapshot.in_scope(scope), snapshot.rows
    signs = snapshot.signs
    by_sign = {signs[label]: weight for label, weight in weights.items() if label in signs}
    compared = {
        position
        for sign in by_sign
        for position in islice(
            snapshot.descending_positions(snapshot.labels.get(sign, 0) & candidates), COMPARED
        )
    }
    compared.discard(snapshot.position_of.get(exclude))

    def similarity(position: int) -> float:
        return sum(by_sign.get(sign, 0) for sign in rows[position].labels)

    nearest = sorted(compared, key=lambda position: (-similarity(position), -position))
    return [rows[position].page_id for position in nearest[:count]]
