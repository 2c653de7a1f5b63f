"""Approximate centres of territories, read from a file, and distances between them."""

import csv
import functools
from collections.abc import Iterable, Mapping
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from django.conf import settings

CENTRES = settings.BASE_DIR / "fixtures" / "reference" / "centres.csv"
NEAR = 100  # kilometres
EARTH = 6371  # kilometres: its mean radius


class Point(NamedTuple):
    """In degrees, WGS 84."""

    latitude: float
    longitude: float


@functools.cache
def centres() -> dict[str, Point]:
    """The centre of each territory that is not divided, by its slug."""
    with CENTRES.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {r["slug"]: Point(float(r["latitude"]), float(r["longitude"])) for r in rows}


def distance(one: Point, other: Point) -> float:
    """Kilometres between two points, by the haversine formula."""
    north, south = radians(one.latitude), radians(other.latitude)
    height = sin((north - south) / 2) ** 2
    width = sin(radians(one.longitude - other.longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(height + cos(north) * cos(south) * width))


def is_near(point: Point, places: Iterable[Point]) -> bool:
    return any(distance(point, place) <= NEAR for place in places)


def places_of(slug: str, parents: Mapping[str, str | None]) -> list[Point]:
    """The centre of a territory; else those below it, else those of the nearest one above.

    `parents` maps the slug of each territory to that of its parent.
    """
    for step in [slug, *_above(slug, parents)]:
        centres_below = [
            at for name, at in centres().items() if step in [name, *_above(name, parents)]
        ]
        if centres_below:
            return centres_below
    return []


def territories_near(places: list[Point]) -> list[str]:
    """The slugs of the undivided territories whose centre is near one of `places`."""
    return [slug for slug, centre in centres().items() if is_near(centre, places)]


def box_around(places: list[Point]) -> tuple[Point, Point]:
    """The south-west and north-east corners of a box that holds all that is near."""
    height = NEAR / 111  # a degree of latitude has 111 km
    south = min(place.latitude for place in places) - height
    north = max(place.latitude for place in places) + height
    width = height / cos(radians(min(85, max(abs(south), abs(north)))))
    west = min(place.longitude for place in places) - width
    return Point(south, west), Point(north, max(p.longitude for p in places) + width)


def _above(slug: str, parents: Mapping[str, str | None]) -> list[str]:
    above: list[str] = []
    current = parents.get(slug)
    while current and current not in above:
        above.append(current)
        current = parents.get(current)
    return above
