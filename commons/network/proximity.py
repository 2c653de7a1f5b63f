"""Dates near a territory: those filed under it, and those on site within a hundred kilometres."""

from collections.abc import Iterable

from django.db.models import Q

from commons.agenda.models import Format, Session
from commons.network.filters import TERRITORY
from commons.pages.cache_version import cached
from commons.taxonomy.models import Classification, Term
from commons.taxonomy.places import Point, box_around, is_near, places_of, territories_near


def parents() -> dict[str, str | None]:
    """Under which territory each one stands, in the order of the tree's levels."""
    terms = Term.objects.canonical().filter(vocabulary=TERRITORY)
    return cached("parents of territories", lambda: dict(terms.values_list("slug", "parent__slug")))


def may_widen(slugs: Iterable[str]) -> bool:
    """Whether « near » says something: a whole country has no near."""
    parent_of = parents()
    return any(parent_of.get(slug) for slug in slugs)


def within(slugs: Iterable[str]) -> Q:
    """The occurrences filed under one of these territories, or on site near one.

    A session is where its point is, else in the territories of its page. What is only online is
    near nothing. One query more than a plain filter.
    """
    parent_of, slugs = parents(), list(slugs)
    places = [
        place for slug in slugs if parent_of.get(slug) for place in places_of(slug, parent_of)
    ]
    own = Q(session__page__in=_filed(slugs))
    if not places:
        return own
    around = Q(session__latitude=None) | Q(session__longitude=None)
    around &= Q(session__page__in=_filed(territories_near(places)))
    on_site = ~Q(session__format=Format.ONLINE)
    return own | on_site & (Q(session__in=_sessions_near(places)) | around)


def _filed(slugs: list[str]):
    rows = Classification.objects.filter(term__vocabulary=TERRITORY, term__slug__in=slugs)
    return rows.values("page_id")


def _sessions_near(places: list[Point]) -> list[int]:
    """Those in the box, of which the corners are cut here: no database needs to know of spheres."""
    low, high = box_around(places)
    rows = Session.objects.filter(
        latitude__range=(low.latitude, high.latitude),
        longitude__range=(low.longitude, high.longitude),
    )
    points = rows.order_by().values_list("pk", "latitude", "longitude")
    return [pk for pk, *point in points if is_near(Point(*point), places)]


def in_tree(values: list[dict]) -> list[dict]:
    """The values of the filter of territories under their parents, each with its `depth`."""
    parent_of, by_slug = parents(), {value["slug"]: value for value in values}
    below: dict[str | None, list[dict]] = {}
    for value in sorted(values, key=lambda value: value["name"]):
        parent = parent_of.get(value["slug"])
        below.setdefault(parent if parent in by_slug else None, []).append(value)
    tree: list[dict] = []

    def walk(parent: str | None, depth: int) -> None:
        for value in below.get(parent, []):
            tree.append({**value, "depth": depth})
            walk(value["slug"], depth + 1)

    walk(None, 0)
    return tree
