"""Count what a search found: the same set of documents for every number that is shown."""

from collections import Counter

from search.snapshot import FEW, Memory


def label_counts(found: int, known: Memory, *, facet: str = "") -> dict[str, int]:
    """How many documents of the set `found` have each label, or each label of one facet."""
    start = f"{facet}:" if facet else ""
    if found.bit_count() <= FEW:  # quicker one by one than set by set
        signs = Counter(sign for place in known.places(found) for sign in known.rows[place].labels)
        named = ((known.names.get(sign, ""), count) for sign, count in signs.items())
        return {name: count for name, count in named if name and name.startswith(start)}
    counts = (
        (name, (found & known.labels.get(sign, 0)).bit_count())
        for sign, name in known.names.items()
        if name.startswith(start)
    )
    return {name: count for name, count in counts if count}


def kind_counts(found: int, known: Memory) -> dict[int, int]:
    """How many documents of the set `found` are of each content type."""
    counts = {kind: (found & held).bit_count() for kind, held in known.kinds.items()}
    return {kind: count for kind, count in counts.items() if count}
