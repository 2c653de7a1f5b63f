"""The facets of a section's list: each value counted under the filters of all the other facets.

One rule chooses which facets are open and which values are shown: those in use, then those that
help most. A value helps as many results as it keeps or as it leaves out, whichever is fewer: one
that nearly all results have helps as little as one that nearly none has. A facet helps as its best
value. The values chosen so stand by their counts, the largest first, since these are the numbers
that one reads beside them; one that all results have comes last, for it filters nothing.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from commons.pages.cache_version import cached
from commons.pages.filters import TAG, Filters, Names
from commons.pages.listing import Listing
from commons.taxonomy.models import Term, Vocabulary

OPEN = 2  # facets that are open besides those in use
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
    help: int = 0


@dataclass
class Facet:
    name: str
    label: str
    values: list[Value]
    hidden: int
    open: bool
    help: float = 0.0


def facets(shelf: Listing, names: Names, *, whole: str = "") -> list[Facet]:
    """Every facet that has something to offer; the one named `whole` with all its values.

    Counted by the search; terms are remembered, tags cost one query.
    """
    shelving = shelf.selection.shelving
    described = [axis.name for axis in shelving.axes if axis.values]
    found = {
        **_described(shelf, described, names),
        **_vocabularies(shelf, set(shelving.facets) - {TAG, *described}, names),
        TAG: _tags(shelf),
    }
    shown = [
        _facet(axis.name, axis.label, found[axis.name], whole=whole, shelf=shelf)
        for axis in shelving.axes
        if found[axis.name]
    ]
    return _by_help(shown)


def _described(shelf: Listing, facets: list[str], names: Names) -> dict[str, list[Value]]:
    """The facets whose few values the section itself names, in its order."""
    found = {}
    for facet in facets:
        chosen, counts = shelf.selection.chosen.get(facet, []), shelf.facet(facet).counts
        found[facet] = [
            Value(slug, name, counts.get(slug, 0), slug in chosen, rank=rank)
            for rank, (slug, name) in enumerate(names[facet].items())
            if counts.get(slug) or slug in chosen
        ]
    return found


def _vocabularies(shelf: Listing, vocabularies: set[str], names: Names) -> dict[str, list[Value]]:
    chosen = shelf.selection.chosen
    rows = cached("tree of terms", _tree)
    found: dict[str, list[Value]] = {name: [] for name in vocabularies}
    counts = {name: shelf.facet(name).counts for name in vocabularies}
    for rank, (parent, vocabulary, slug) in enumerate(rows.values()):
        if vocabulary not in found:
            continue
        active, count = slug in chosen.get(vocabulary, []), counts[vocabulary].get(slug, 0)
        if count or active:
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


def _tags(shelf: Listing) -> list[Value]:
    counts = shelf.facet(TAG).counts
    best = sorted(counts, key=lambda slug: (-counts[slug], slug))[:MOST]
    names = dict(Tag.objects.filter(slug__in=best).values_list("slug", "name"))
    chosen = shelf.selection.chosen.get(TAG, [])
    return [Value(s, names[s], counts[s], s in chosen) for s in best if s in names]


def _facet(name: str, label: str, values: list[Value], *, whole: str, shelf: Listing) -> Facet:
    """The values to show, under their parents: those in use, then those that help most."""
    among = shelf.facet(name).total
    for value in values:
        value.help = min(value.count, among - value.count)
    best = sorted(values, key=lambda v: (not v.active, -v.help, v.depth, v.rank, v.name))
    active = sum(value.active for value in values)
    shown = best[: MOST if whole == name else max(TOP, active)]
    order = _in_steps if name in STEPS else _by_count
    opened = name == whole or active > 0
    helps = best_help(values) / among if among else 0.0
    return Facet(name, label, _under_parents(shown, order), len(values) - len(shown), opened, helps)


def _in_steps(value: Value, help_: int, in_use: bool):
    return value.rank


def _by_count(value: Value, help_: int, in_use: bool):
    return not in_use, not help_, -value.count, value.rank, value.name


def best_help(values: list[Value]) -> int:
    """How much a facet helps: as its best value does."""
    return max(value.help for value in values)


def _by_help(found: list[Facet]) -> list[Facet]:
    """Facets in use first, then those that help most; the first of these are open."""
    found.sort(key=lambda facet: (not facet.open, -facet.help))
    for facet in [facet for facet in found if not facet.open][:OPEN]:
        facet.open = facet.help > 0
    return found


def _under_parents(values: list[Value], order) -> list[Value]:
    """`values` as a tree, read downwards; one whose parent is not shown stands by itself.

    A parent helps as much as the best of what is below it.
    """
    here = {value.slug for value in values}
    below: dict[str, list[Value]] = {}
    for value in values:
        below.setdefault(value.parent if value.parent in here else "", []).append(value)

    def help_of(value: Value) -> int:
        return max([value.help, *map(help_of, below.get(value.slug, []))])

    def in_use(value: Value) -> bool:
        return value.active or any(map(in_use, below.get(value.slug, [])))

    def key(value: Value):
        return order(value, help_of(value), in_use(value))

    found: list[Value] = []

    def walk(parent: str) -> None:
        for value in sorted(below.get(parent, []), key=key):
            found.append(value)
            walk(value.slug)

    walk("")
    return found


def in_use(selection: Filters, names: Names) -> list[dict[str, str]]:
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
