"""Where territories are: known distances, and what stands for a place that has no point."""

import json
from pathlib import Path

import pytest

from commons.taxonomy.places import (
    NEAR,
    Point,
    box_around,
    centres,
    distance,
    is_near,
    places_of,
    territories_near,
)

PARIS, LYON = Point(48.8567, 2.3522), Point(45.7578, 4.8320)
TREE = {"drome": "aura", "ain": "aura", "aura": "france", "diois": "drome", "france": None}


def test_distance_is_that_of_the_globe():
    assert distance(PARIS, LYON) == pytest.approx(392, abs=2)
    assert distance(PARIS, PARIS) == 0


def test_every_undivided_territory_of_the_site_s_countries_has_a_centre():
    folder = Path(__file__).resolve().parents[2] / "fixtures/reference"
    terms = [row["fields"] for row in json.loads((folder / "territories.json").read_text())]
    parents = {term["slug"]: term["parent"] and term["parent"][2] for term in terms}
    leaves = {slug for slug, parent in parents.items() if parent} - set(parents.values())
    assert leaves - set(centres()) == {"quebec"}
    assert set(centres()) <= set(parents)


def test_a_region_is_where_its_parts_are_and_a_part_without_point_where_its_whole_is():
    assert places_of("drome", TREE) == [centres()["drome"]]
    assert set(places_of("aura", TREE)) == {centres()["drome"], centres()["ain"]}
    assert places_of("diois", TREE) == [centres()["drome"]]
    assert places_of("nulle-part", TREE) == []


def test_neighbours_are_near_and_the_other_end_of_the_country_is_not():
    near = territories_near([centres()["drome"]])
    assert {"drome", "ardeche", "isere", "vaucluse"} <= set(near)
    assert not {"paris", "finistere", "vaud"} & set(near)


@pytest.mark.parametrize("places", [[PARIS], [PARIS, LYON]])
def test_the_box_holds_all_that_is_near(places):
    low, high = box_around(places)
    for place in places:
        for north, east in [(0.89, 0), (-0.89, 0), (0, 1.2), (0, -1.2), (0.6, 0.9)]:
            at = Point(place.latitude + north, place.longitude + east)
            assert is_near(at, places) is (distance(at, place) <= NEAR)
            if is_near(at, places):
                assert low.latitude <= at.latitude <= high.latitude
                assert low.longitude <= at.longitude <= high.longitude
