"""The agenda near a territory: by the point of a session, else by the territory of its page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

LIST = "/fr/se-mettre-en-reseau/agenda/"
NEAR_DROME = f"{LIST}?territory=drome&around=1"
CREST, LYON, LILLE = (44.73, 5.02), (45.75, 4.85), (50.63, 3.06)


@pytest.fixture(autouse=True)
def tree():
    factories.agenda_page()
    france = factories.term("territory", "france", "France")
    south = factories.term("territory", "auvergne-rhone-alpes", "Auvergne", parent=france)
    north = factories.term("territory", "hauts-de-france", "Hauts-de-France", parent=france)
    return {
        slug: factories.term("territory", slug, slug.capitalize(), parent=parent)
        for slug, parent in [("drome", south), ("ardeche", south), ("ain", south), ("nord", north)]
    } | {"france": france}


def dated(title: str, *terms, at=None, **fields):
    page = factories.event(title=title, terms=terms)
    latitude, longitude = at or (None, None)
    return factories.session(page, latitude=latitude, longitude=longitude, **fields)


def titles(client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return {entry.page.title for entry in answer.context["results"].object_list}


def test_near_adds_what_is_on_site_within_a_hundred_kilometres(client, tree):
    dated("Ici", tree["drome"])
    dated("En ligne d’ici", tree["drome"], format="online")
    dated("À côté", tree["ardeche"])
    dated("Les deux", tree["ardeche"], format="hybrid")
    dated("En ligne d’à côté", tree["ardeche"], format="online")
    dated("Trop loin", tree["ain"])
    here = {"Ici", "En ligne d’ici"}
    assert titles(client, f"{LIST}?territory=drome") == here
    assert titles(client, NEAR_DROME) == here | {"À côté", "Les deux"}


def test_point_counts_before_the_territory_of_the_page(client, tree):
    dated("Sans territoire", at=CREST)
    dated("Au sud du département voisin", tree["ardeche"], at=LYON)
    dated("Rangé à côté, tenu loin", tree["ardeche"], at=LILLE)
    assert titles(client, NEAR_DROME) == {"Sans territoire"}


def test_a_country_has_no_near(client, tree):
    dated("Partout", tree["france"])
    dated("Un point", at=CREST)
    assert titles(client, f"{LIST}?territory=france&around=1") == {"Partout"}
    assert client.get(f"{LIST}?territory=france").context["nearby"] is None


def test_list_leads_to_what_is_near_and_keeps_it_elsewhere(client, tree):
    dated("Ici", tree["drome"])
    answer = client.get(f"{LIST}?territory=drome")
    assert answer.context["nearby"] == {"name": "Drome", "address": "?territory=drome&around=1"}
    answer = client.get(NEAR_DROME)
    html = answer.content.decode()
    assert "?territory=drome&amp;around=1&amp;month=" in html
    assert "agenda.ics?territory=drome&amp;around=1" in html
    assert 'name="around" value="1" checked' in html
    assert "Près de : Drome" in html
    assert answer.context["in_use"][0]["address"] == ""


def test_near_without_territory_means_nothing(client, tree):
    dated("Ici", at=CREST)
    assert titles(client, f"{LIST}?around=1") == {"Ici"}
    assert titles(client, f"{LIST}?around=1&territory=atlantide") == {"Ici"}


def test_territories_stand_under_their_parents(client, tree):
    dated("Ici", tree["drome"])
    dated("Là-haut", tree["nord"])
    filters = client.get(LIST).context["facets"]
    values = next(f["values"] for f in filters if f["name"] == "territory")
    assert [(value["depth"], value["slug"]) for value in values] == [
        (0, "france"),
        (1, "auvergne-rhone-alpes"),
        (2, "drome"),
        (1, "hauts-de-france"),
        (2, "nord"),
    ]


@pytest.mark.usefixtures("one_long_day")
@pytest.mark.django_db(transaction=True)
@pytest.mark.django_db(transaction=True)  # where sections stand is remembered outside of one
def test_near_costs_the_same_with_1_and_3_dates(client, tree):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            dated("Point", at=CREST)
            dated("Rangé", tree["ardeche"])
        client.get(NEAR_DROME)
        client.get(NEAR_DROME)
        with CaptureQueriesContext(connection) as asked:
            client.get(NEAR_DROME)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20
