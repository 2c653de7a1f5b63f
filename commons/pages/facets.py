"""The facets of a section's list: each value counted under the filters of all the other facets."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from commons.pages.generation import remembered
from commons.pages.selection import TAG, Names, Selection
from commons.pages.shelf import Shelf
from commons.taxonomy.models import Term, Vocabulary
from search.counting import label_counts

TOP = 5  # values shown before « voir tout »
MOST = 200  # values shown at all
# Whose own order says more than the counts: the steps of a project.
STEPS = {Vocabulary.STAGE.value}


@dataclass
class Value:
    """One value of a facet; `depth` is 0 for a country, 1 for its regions, 2 for theirs."""

    slug: str
    name: str
    count: int
    active: bool = False
    depth: int = 0
    parent: str = ""
    rank: int = 0


@dataclass
class Facet:
    name: str
    label: str
    values: list[Value]
    hidden: int
    open: bool


def facets(shelf: Shelf, names: Names, *, whole: str = "") -> list[Facet]:
    """Every facet that has something to offer; the one named `whole` with all its values.

    Counted in memory on what the search found; terms are remembered, tags cost one query.
    """
    counts, shelving = _count_labels(shelf), shelf.selection.shelving
    described = [axis.name for axis in shelving.axes if axis.values]
    found = {
        **_described(shelf, described, names, counts),
        **_vocabularies(shelf, set(shelving.facets) - {TAG, *described}, names, counts),
        TAG: _tags(shelf, counts),
    }
    return [
        _facet(axis.name, axis.label, found[axis.name], whole=whole, shelf=shelf)
        for axis in shelving.axes
        if found[axis.name]
    ]


def _described(
    shelf: Shelf, facets: list[str], names: Names, counts: dict[str, int]
) -> dict[str, list[Value]]:
    """The facets whose few values the section itself names, in its order."""
    found = {}
    for facet in facets:
        chosen = shelf.selection.chosen.get(facet, [])
        by_value = _count_sorted(shelf, facet) if facet in shelf.sorted else None
        of_value = {
            slug: counts.get(f"{facet}:{slug}", 0) if by_value is None else by_value.get(slug, 0)
            for slug in names[facet]
        }
        found[facet] = [
            Value(slug, names[facet][slug], count, slug in chosen, rank=rank)
            for rank, (slug, count) in enumerate(of_value.items())
            if count or slug in chosen
        ]
    return found


def _count_sorted(shelf: Shelf, facet: str) -> dict[str, int]:
    found = shelf.filtered(ignoring=facet)
    return {value: (found & bits).bit_count() for value, bits in shelf.sorted[facet].items()}


def _vocabularies(
    shelf: Shelf, vocabularies: set[str], names: Names, counts: dict[str, int]
) -> dict[str, list[Value]]:
    chosen = shelf.selection.chosen
    rows = remembered("tree of terms", _tree)
    found: dict[str, list[Value]] = {name: [] for name in vocabularies}
    for rank, (parent, vocabulary, slug) in enumerate(rows.values()):
        active = slug in chosen.get(vocabulary, [])
        count = counts.get(f"{vocabulary}:{slug}", 0)
        if vocabulary in found and (count or active):
            depth, step = 0, parent
            while step in rows and depth < 3:
                depth, step = depth + 1, rows[step][0]
            above = rows[parent][2] if parent in rows else ""
            name = names[vocabulary].get(slug, slug)
            value = Value(slug, name, count, active, depth, above, rank)
            found[vocabulary].append(value)
    return found


def _tree() -> dict[int, tuple[int | None, str, str]]:
    """Term -> (parent, vocabulary, slug), in order."""
    terms = Term.objects.canonical().values_list("pk", "parent", "vocabulary", "slug")
    return {pk: tuple(rest) for pk, *rest in terms}


def _count_labels(shelf: Shelf) -> dict[str, int]:
    """Label -> how many documents have it, each facet in use counted under the others."""
    known = shelf.found.known
    counts = label_counts(shelf.filtered(), known)
    for name in shelf.selection.chosen.keys() - shelf.sorted.keys():
        counts = {label: n for label, n in counts.items() if not label.startswith(f"{name}:")}
        counts |= label_counts(shelf.filtered(ignoring=name), known, facet=name)
    return counts


def _tags(shelf: Shelf, counts: dict[str, int]) -> list[Value]:
    numbers = {name[4:]: n for name, n in counts.items() if name.startswith("tag:")}
    best = sorted(numbers, key=lambda slug: (-numbers[slug], slug))[:MOST]
    names = dict(Tag.objects.filter(slug__in=best).values_list("slug", "name"))
    chosen = shelf.selection.chosen.get(TAG, [])
    return [Value(s, names[s], numbers[s], s in chosen) for s in best if s in names]


def _facet(name: str, label: str, values: list[Value], *, whole: str, shelf: Shelf) -> Facet:
    """The values to show, under their parents: those in use, and the most frequent."""
    best = sorted(values, key=lambda v: (not v.active, -v.count, v.depth, v.rank, v.name))
    shown = best[: MOST if whole == name else max(TOP, sum(v.active for v in values))]
    order = (lambda v: v.rank) if name in STEPS else (lambda v: (-v.count, v.rank, v.name))
    unfolded = (
        name in shelf.selection.shelving.unfolded
        or name == whole
        or any(value.active for value in values)
    )
    hidden = len(values) - len(shown)
    return Facet(name, label, _under_parents(shown, order), hidden, unfolded)


def _under_parents(values: list[Value], order) -> list[Value]:
    """`values` as a tree, read downwards; one whose parent is not shown stands by itself."""
    here = {value.slug for value in values}
    below: dict[str, list[Value]] = {}
    for value in sorted(values, key=order):
        below.setdefault(value.parent if value.parent in here else "", []).append(value)
    found: list[Value] = []

    def walk(parent: str) -> None:
        for value in below.get(parent, []):
            found.append(value)
            walk(value.slug)

    walk("")
    return found


def in_use(selection: Selection, names: Names) -> list[dict[str, str]]:
    """The filters in use: what each says, and the address without it."""
    used = []
    labels = {axis.name: axis.label for axis in selection.shelving.axes}
    if selection.query:
        address = selection.without_query().address()
        used.append({"label": _("Mots"), "name": selection.query, "address": address})
    for facet, values in selection.chosen.items():
        for value in values:
            address = selection.without(facet, value).address()
            used.append({"label": labels[facet], "name": names[facet][value], "address": address})
    return used
