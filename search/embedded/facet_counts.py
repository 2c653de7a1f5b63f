"""Count the labels of a set of documents."""

from collections import Counter
from collections.abc import Sequence

from search.embedded.snapshot import FEW, Snapshot


def facet_counts(
    matches: int, snapshot: Snapshot, facets: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Facet -> value -> how many documents of the set `matches` have it, at least one."""
    if matches.bit_count() > FEW:
        return {
            facet: {
                value: count
                for value, bits in snapshot.facets.get(facet, ())
                if (count := (matches & bits).bit_count())
            }
            for facet in facets
        }
    # Few are quicker one by one than set by set.
    rows = (snapshot.rows[position] for position in snapshot.positions(matches))
    result: dict[str, dict[str, int]] = {facet: {} for facet in facets}
    for sign, count in Counter(sign for row in rows for sign in row.labels).items():
        facet, _, value = snapshot.names.get(sign, "").partition(":")
        if facet in result:
            result[facet][value] = count
    return result
