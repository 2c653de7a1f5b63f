"""The public page of a training tells all of it, and leads out when it is somebody else's."""

import json
import re

import pytest

from commons.agenda.models import SignUp
from commons.pages.models import PageAuthor
from commons.trainings.models import TrainingPerson
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def read(client, page) -> str:
    return client.get(page.get_url()).content.decode()


def data_of(html: str) -> dict:
    return json.loads(re.search(r"ld\+json\">(.*?)</script>", html)[1])


def test_page_tells_what_why_for_whom_and_by_whom(client):
    theme = factories.term("theme", "prix", "Prix")
    page = factories.training(
        kind="workshop",
        for_whom="Les maraîchers.",
        programme=factories.body("Un **tour** de table."),
        prerequisites="Apportez vos comptes.",
        price="paid",
        price_note="40 € la journée",
        terms=[theme],
        people=[
            TrainingPerson(name="Ana Petit", organisation="Une ferme", role="witness"),
            TrainingPerson(name="Léo Blanc", role="trainer"),
        ],
    )
    html = read(client, page)
    for said in (
        *("Atelier", "Savoir fixer un prix.", "Les maraîchers.", "<strong>tour</strong>"),
        *("Apportez vos comptes.", "Payant", "40\u00a0€ la journée", "Proposée par le commun"),
        *("Aucune date n’est annoncée", "?theme=prix", "Creative Commons"),
    ):
        assert said in html
    assert re.search(r"Anime</dt>\s*<dd>Léo Blanc</dd>", html)
    assert re.search(r"Témoigne</dt>\s*<dd>Ana Petit", html)
    assert "Vous quittez le site" not in html


def test_external_training_says_whose_it_is_and_that_one_leaves(client):
    url = "https://www.exemple.org/formation"
    page = factories.training(external_url=url, organiser="Le réseau d’à côté")
    assert "Aucune date n’est annoncée" not in read(client, page)
    assert "Dates sur le site de l’organisme" in client.get("/fr/se-former/").content.decode()
    factories.session(page, sign_up=SignUp.ELSEWHERE, sign_up_url=url)
    html = read(client, page)
    assert "Le réseau d’à côté" in html
    assert "Vous quittez le site pour exemple.org" in html
    assert f'href="{url}" rel="noopener external"' in html


def test_machines_read_a_course_and_its_dates_and_never_how_to_join(client):
    page = factories.training(title="</script> & prix", price="free")
    link = "https://visio.example.org/secret"
    factories.session(page, in_days=3, format="hybrid", video_url=link, commune="Die")
    html = read(client, page)
    data = data_of(html)
    assert (data["@type"], data["name"], data["isAccessibleForFree"]) == (
        *("Course", "</script> & prix", True),
    )
    (instance,) = data["hasCourseInstance"]
    assert (instance["courseMode"], instance["location"]["name"]) == ("Blended", "Die")
    assert link not in html


def test_series_and_its_guide_are_linked_from_the_training_and_back(client):
    page, guide = factories.training(), factories.guide(title="Le guide")
    series = factories.series(page, title="Le cycle", linked_guide=guide)
    factories.series(page, title="Brouillon de cycle", live=False)
    assert series.get_url() in read(client, page)
    assert "Brouillon de cycle" not in read(client, page)
    assert guide.get_url() in read(client, series)
    assert series.get_url() in read(client, guide)
    assert [part["name"] for part in data_of(read(client, series))["hasPart"]] == [page.title]


def test_titles_of_the_programme_stand_below_its_heading(client):
    page = factories.training(programme=factories.body("## 18 h\n\nAccueil."))
    html = client.get(page.get_url()).content.decode()
    assert re.search(r"<h2[^>]*>Programme</h2>", html)
    assert re.search(r"<h3[^>]*>18 h</h3>", html)
    assert not re.search(r"<h2[^>]*>18 h</h2>", html)


def test_dates_come_before_the_rest_in_the_page_as_on_a_telephone(client):
    page = factories.training()
    html = client.get(page.get_url()).content.decode()
    assert html.index("Dates et inscription") < html.index("En pratique")


def test_organiser_is_who_was_said_else_who_agreed_to_be_named_else_nobody(client):
    page = factories.training()
    assert "Organisée par" not in client.get(page.get_url()).content.decode()
    member = factories.member(display_name="Ana Lune")
    page.page_authors.add(PageAuthor(member=member))
    page.save_revision().publish()
    assert page.organised_by == "Ana Lune"
    html = client.get(page.get_url()).content.decode()
    assert "Ana Lune" in html[html.index("Organisée par") :][:200]
    page.organiser = "Une école"
    assert page.organised_by == "Une école"
