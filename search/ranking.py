"""In what order the pages found are shown, the same for every database.

An exact title, then pages with every word in the title, then in title, summary and headings, then
the others. Inside each, the relevance that the back end gives, more where words stand in a title or
a heading; among equals the last published or reviewed. The back end's own score cannot do this
alone: in BM25 a word that half the pages hold weighs nothing, and those words are what this site is
about.
"""

import math
from collections import Counter, defaultdict

from search.looked import Looked, Row, Scope
from search.models import Document, Text
from search.query import Term, looked
from search.store import store
from search.words import indexed, title_key

# What a word is worth in a title, and in a summary or a heading, beside the back end's score.
IN_TITLE = 3.0
IN_HEADS = 1.0
# How much it counts that a title says nothing but what is looked for; looked at for the first ones.
WHOLE_TITLE = 4.0
FIRST = 60


def best_first(rows: list[Row], query: str, found: list[Term], scope: Scope) -> list[Row]:
    """`rows`, the best first."""
    exact = set(Document.objects.filter(title_key=title_key(query)).values_list("pk", flat=True))
    words = [looked([term], 1) for term in found]
    # A word says the more in a title or a heading, the fewer pages have it there.
    titles = [store().holding(word, scope, "title") for word in words]
    heads = [store().holding(word, scope, "title", "heads") for word in words]
    tiers: dict[int, int] = Counter(exact)
    tiers.update(set.intersection(*titles))
    tiers.update(set.intersection(*heads))
    bonus: dict[int, float] = defaultdict(float)
    pages = {row.page_id for row in rows}
    for title, head in zip(titles, heads, strict=True):
        rarity = math.log(1 + len(pages) / (len(head & pages) + 1))
        for page in head:
            bonus[page] += rarity * (IN_TITLE if page in title else IN_HEADS)

    def rank(row: Row) -> tuple:
        page = row.page_id
        score = row.score + bonus.get(page, 0.0)
        return (-tiers[page], -round(score, 1), -row.freshness, page)

    ranked = sorted(((rank(row), row) for row in rows), key=lambda pair: pair[0])
    first = _by_whole_titles(ranked[:FIRST], words, scope)
    return [row for _, row in first + ranked[FIRST:]]


def _by_whole_titles(ranked: list[tuple], words: list[Looked], scope: Scope) -> list[tuple]:
    """The first pages once more, those whose title says little else before the others."""
    stems = {stem for word in words for ways in word.words for way in ways for stem in way}
    pages = [row.page_id for _, row in ranked]
    titles = dict(Text.objects.filter(pk__in=pages).values_list("pk", "title"))

    def again(pair: tuple) -> tuple:
        (tier, score, *rest), row = pair
        title = indexed(titles.get(row.page_id, ""), scope.language).split()
        share = sum(stem in stems for stem in title) / len(title) if title else 0
        return (tier, round(score - WHOLE_TITLE * share, 1), *rest)

    return sorted(ranked, key=again)
