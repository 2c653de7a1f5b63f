"""The order of the pages that match, the same for every database.

An exact title, then pages with every word in the title, then in title, summary and headings, then
the others. Inside each, a word counts the more, the fewer documents hold it, and more where it
stands in a title or a heading, or often; among equals the last published or reviewed first. What
databases know of relevance (BM25) cannot do this: there, a word that half the pages hold weighs
nothing, and those words are what this site is about.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from search.analyzer import index_text, title_key
from search.embedded.rows import Row
from search.embedded.set_operations import intersection
from search.embedded.snapshot import Postings, Snapshot

# The weight of a word anywhere in a page, the bonus when its body repeats it, and the bonus when it
# is in the title, or else in the summary or a heading.
IN_TEXT = 1.0
OFTEN = 1.0
IN_TITLE = 2.25
IN_HEADINGS = 1.25
# The share of a bonus that comes from how few documents hold the word; the rest comes from how few
# of the matching pages have it in a title or a heading.
RARITY_SHARE = 0.6
# The bonus of a title that holds nothing but words of the query; computed for the first pages only.
WHOLE_TITLE = 4.0
FIRST = 60
TIER = 10_000.0  # more than any relevance
DAY = 1e-7  # less than the smallest difference of relevance that counts


class RankingQuery(NamedTuple):
    """A query as ranking needs it: the postings of its words, and all their stems.

    `numbers` are meant as they are typed: pages that have them come first. So do pages with all
    `compounds`, words joined with the number behind them, that no page must have.
    """

    text: str
    words: list[Postings]
    stems: frozenset[str]
    numbers: Sequence[Postings] = ()
    compounds: Sequence[Postings] = ()


def best_first(matches: int, query: RankingQuery, snapshot: Snapshot) -> list[int]:
    """The positions of the set `matches`, the best first."""
    words, rows = query.words, snapshot.rows
    score = _relevance(matches, [*words, *query.compounds], snapshot)
    key = title_key(query.text)
    positions = list(snapshot.positions(matches))
    exact = snapshot.bitset(one for one in positions if rows[one].title_key == key)
    tiers = [0.0] * len(score)
    meant = [query.numbers, query.compounds]
    for bits in (
        exact,
        intersection([word.title for word in words]),
        intersection([word.headings for word in words]),
        *(intersection([word.anywhere for word in same]) for same in meant if same),
    ):
        for position in snapshot.positions(bits & matches):
            tiers[position] += TIER
    for position in positions:
        score[position] = tiers[position] + round(score[position], 1)
    positions.sort(key=lambda position: -score[position] - rows[position].freshness * DAY)
    first = [rows[position] for position in positions[:FIRST]]
    return [row.position for row in _by_whole_titles(first, score, query.stems)] + positions[FIRST:]


def _relevance(matches: int, words: list[Postings], snapshot: Snapshot) -> list[float]:
    """For each position, the sum of the weights of the words there."""
    score = [0.0] * len(snapshot.rows)
    total, matching = len(snapshot.rows), matches.bit_count()
    for word in words:
        rare = rarity(word.anywhere.bit_count(), total)
        # A word says the more in a title or a heading, the fewer of these pages have it there.
        in_headings = (word.headings & matches).bit_count()
        prominent = math.log(1 + matching / (in_headings + 1))
        bonus = RARITY_SHARE * rare + (1 - RARITY_SHARE) * prominent
        for bits, weight in (
            (word.anywhere, IN_TEXT * rare),
            (word.often, OFTEN * rare),
            (word.headings & ~word.title, IN_HEADINGS * bonus),
            (word.title, IN_TITLE * bonus),
        ):
            for position in snapshot.positions(bits & matches):
                score[position] += weight
    return score


def rarity(documents: int, total: int) -> float:
    """The weight of a word that `documents` of `total` hold: its inverse document frequency."""
    return math.log(1 + (total - documents + 0.5) / (documents + 0.5))


def _by_whole_titles(rows: list[Row], score: list[float], stems: frozenset[str]) -> list[Row]:
    """The first pages sorted again, with the bonus of titles that hold little else than `stems`."""

    def rank(row: Row) -> float:
        title = index_text(row.title_key, row.language).split()
        share = sum(stem in stems for stem in title) / len(title) if title else 0
        return -round(score[row.position] + WHOLE_TITLE * share, 1) - row.freshness * DAY

    return sorted(rows, key=rank)
