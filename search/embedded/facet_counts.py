"""Count the labels of a set of documents."""

from collections import Counter
from collections.abc import Sequence

from search.embedded.snapshot import FEW, Snapshot


def facet_counts(
    matches: int, snapshot: Snapshot, facets: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Facet -> value -> how many documents of the set `matches` have it, at least one."""
    starts = tuple(f"{facet}:" for facet in facets)
    if matches.bit_count() <= FEW:  # quicker one by one than set by set
        rows = (snapshot.rows[position] for position in snapshot.positions(matches))
        signs = Counter(sign for row in rows for sign in row.labels)
        counts = ((snapshot.names.get(sign, ""), count) for sign, count in signs.items())
    else:
        counts = (
            (name, (matches & snapshot.labels.get(sign, 0)).bit_count())
            for sign, name in snapshot.names.items()
            if name.startswith(starts)
        )
    result: dict[str, dict[str, int]] = {facet: {} for facet in facets}
    for name, count in counts:
        if count and name.startswith(starts):
            facet, _, value = name.partition(":")
            result[facet][value] = count
    return result
