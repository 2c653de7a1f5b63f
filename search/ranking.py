"""In what order the pages found are shown, the same for every database.

An exact title, then pages with every word in the title, then in title, summary and headings, then
the others. Inside each, a word counts the more, the fewer documents hold it, and more where it
stands in a title or a heading, or often; among equals the last published or reviewed first. What
databases know of relevance (BM25) cannot do this: there, a word that half the pages hold weighs
nothing, and those words are what this site is about.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from search.analyzer import indexed, title_key
from search.scope import Row
from search.set_operations import every
from search.snapshot import Held, Memory

# What a word is worth in a page, besides if its text says it often, and besides in its title, or in
# its summary or a heading.
IN_TEXT = 1.0
OFTEN = 1.0
IN_TITLE = 2.25
IN_HEADS = 1.25
# How much of that follows from how few documents hold the word; the rest, from how few of the pages
# found have it in a title or a heading.
BY_RARITY = 0.6
# How much it counts that a title says nothing but what is looked for; looked at for the first ones.
WHOLE_TITLE = 4.0
FIRST = 60
TIER = 10_000.0  # more than any relevance
DAY = 1e-7  # less than the smallest difference of relevance that counts


class Asked(NamedTuple):
    """What is looked for: the words, and all their stems.

    Those that are `numbers` are meant as they are typed: pages that have them come first. So do
    pages with `near`, words with their number behind them, that no page must have.
    """

    query: str
    words: list[Held]
    stems: frozenset[str]
    numbers: Sequence[Held] = ()
    near: Sequence[Held] = ()


def best_first(found: int, asked: Asked, known: Memory) -> list[int]:
    """The places of the set `found`, the best first."""
    words = asked.words
    score = _relevance(found, [*words, *asked.near], known)
    key, rows = title_key(asked.query), known.rows
    places = list(known.places(found))
    exact = known.bits(place for place in places if rows[place].title_key == key)
    tiers = [0.0] * len(score)
    meant = [every([word.anywhere for word in same]) for same in asked[3:] if same]
    titled, headed = every([word.title for word in words]), every([word.heads for word in words])
    for bits in (exact, titled, headed, *meant):
        for place in known.places(bits & found):
            tiers[place] += TIER
    for place in places:
        score[place] = tiers[place] + round(score[place], 1)
    places.sort(key=lambda place: -score[place] - rows[place].freshness * DAY)
    first = [rows[place] for place in places[:FIRST]]
    return [row.place for row in _by_whole_titles(first, score, asked.stems)] + places[FIRST:]


def _relevance(found: int, words: list[Held], known: Memory) -> list[float]:
    """For each place, what the words are worth there."""
    score = [0.0] * len(known.rows)
    total, of_found = len(known.rows), found.bit_count()
    for word in words:
        holding = word.anywhere.bit_count()
        rare = rarity(holding, total)
        # A word says the more in a title or a heading, the fewer of these pages have it there.
        few = math.log(1 + of_found / ((word.heads & found).bit_count() + 1))
        told = BY_RARITY * rare + (1 - BY_RARITY) * few
        for bits, worth in (
            (word.anywhere, IN_TEXT * rare),
            (word.often, OFTEN * rare),
            (word.heads & ~word.title, IN_HEADS * told),
            (word.title, IN_TITLE * told),
        ):
            for place in known.places(bits & found):
                score[place] += worth
    return score


def rarity(holding: int, total: int) -> float:
    """How much a word says that `holding` of `total` documents hold."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def _by_whole_titles(rows: list[Row], score: list[float], stems: frozenset[str]) -> list[Row]:
    """The first pages once more, those whose title says little else before the others."""

    def rank(row: Row) -> float:
        title = indexed(row.title_key, row.language).split()
        share = sum(stem in stems for stem in title) / len(title) if title else 0
        return -round(score[row.place] + WHOLE_TITLE * share, 1) - row.freshness * DAY

    return sorted(rows, key=rank)
