"""Filter and count the rows that a search found: the same rows for every number that is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping

from search.looked import Row
from search.memory import Memory
from search.models import Label, sign


def signs(names: Iterable[str]) -> dict[str, str]:
    """Label -> the character that stands for it, of those labels that some page has. One query."""
    names = list(names)
    known = Label.objects.filter(name__in=names).values_list("name", "pk") if names else []
    return {name: sign(number) for name, number in known}


def label_counts(rows: Iterable[Row], known: Memory) -> dict[str, int]:
    """How many of `rows`, which are of `known`, have each label."""
    found = known.bits(row.place for row in rows)
    counts = {label: (found & held).bit_count() for label, held in known.labels.items()}
    return {known.names[label]: n for label, n in counts.items() if n and label in known.names}


def kind_counts(rows: Iterable[Row]) -> dict[int, int]:
    """How many of `rows` are of each content type."""
    return dict(Counter([row.kind for row in rows]))


def passing(rows: list[Row], wanted: Mapping[str, frozenset[str]]) -> list[Row]:
    """The rows that have, for each filter, at least one of its characters."""
    for characters in wanted.values():
        rows = [row for row in rows if not characters.isdisjoint(row.labels)]
    return rows
