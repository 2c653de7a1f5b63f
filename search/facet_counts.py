"""Count the labels and content types of a set of documents."""

from collections import Counter

from search.snapshot import FEW, Snapshot


def label_counts(matches: int, snapshot: Snapshot, *, facet: str = "") -> dict[str, int]:
    """How many documents of the set `matches` have each label, or each label of one facet."""
    start = f"{facet}:" if facet else ""
    if matches.bit_count() <= FEW:  # quicker one by one than set by set
        rows = (snapshot.rows[position] for position in snapshot.positions(matches))
        signs = Counter(sign for row in rows for sign in row.labels)
        named = ((snapshot.names.get(sign, ""), count) for sign, count in signs.items())
        return {name: count for name, count in named if name and name.startswith(start)}
    counts = (
        (name, (matches & snapshot.labels.get(sign, 0)).bit_count())
        for sign, name in snapshot.names.items()
        if name.startswith(start)
    )
    return {name: count for name, count in counts if count}


def kind_counts(matches: int, snapshot: Snapshot) -> dict[int, int]:
    """How many documents of the set `matches` are of each content type."""
    counts = {kind: (matches & bits).bit_count() for kind, bits in snapshot.kinds.items()}
    return {kind: count for kind, count in counts.items() if count}
