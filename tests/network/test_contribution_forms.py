"""An event is proposed with its date and place: what must be said, and that it is then found."""

import datetime
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from commons.contributions.models import Contribution
from commons.network.models import Event
from tests import factories
from tests.contributions.form_data import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
AGENDA = "/fr/se-mettre-en-reseau/agenda/"
ADDRESS = f"{AGENDA}proposer/evenement/"
DAY = timezone.localdate() + datetime.timedelta(days=20)
SAID = {
    "title": "Portes ouvertes",
    "summary": "La ferme se visite.",
    "kind": "open_day",
    "session_day": DAY.isoformat(),
    "session_start": "10:00",
    "session_end": "12:00",
    "session_format": "on_site",
    "session_commune": "Die",
    "terms_territory": "drome",
    "session_zone": "Europe/Paris",
    "session_repeat": "never",
    "session_sign_up": "none",
    "licence_ok": "on",
}
CHOOSE = "Choisissez le département"


@pytest.fixture(autouse=True)
def member(client):
    factories.agenda_page()
    factories.term("territory", "drome", "Drôme", parent=factories.term("territory", "france"))
    found = factories.member()
    client.force_login(found)
    return found


def send(client, **changes) -> str:
    return client.post(ADDRESS, {**SAID, "do": "send", **changes}, follow=True).content.decode()


def test_preview_shows_the_date_the_place_and_each_choice_in_words(client):
    typed = {**SAID, "do": "preview", "organiser": "<b>Nous</b>"}
    html = client.post(ADDRESS, typed, follow=True)
    shown = html.context["preview"].facts
    said = {str(label): " ".join(lines) for label, lines in shown}
    assert said["Date"] == date_format(DAY, "l j F Y")
    assert (said["Commune"], said["Titre"]) == ("Die", "Portes ouvertes")
    assert said["Faut-il s’inscrire ?"] == "Non, on vient librement"
    assert "Drôme" in said["Territoire"]
    section = html.content.decode().split('id="apercu"')[1].split("</section>")[0]
    assert "Die" in section
    assert "<b>Nous" not in section


def label(html: str, name: str) -> str:
    return re.search(rf'<label for="id_{name}">(.*?)</label>', html, re.DOTALL)[1]


@pytest.mark.parametrize("address", [ADDRESS, "/fr/se-former/proposer/formation/"])
def test_what_must_be_said_is_not_marked_optional(client, address):
    factories.trainings_page()
    html = client.get(address).content.decode()
    needed = ["session_start", "session_end", "session_commune", "terms_territory"]
    for name in [*needed, *(["session_day"] if address == ADDRESS else [])]:
        assert "facultatif" not in label(html, name), name
    assert "facultatif" in label(html, "session_place")


def test_territory_is_asked_with_the_commune_and_not_apart(client):
    html = client.get(ADDRESS).content.decode()
    places = [html.index(f'name="{name}"') for name in ("session_commune", "terms_territory")]
    assert places == sorted(places)
    assert places[1] < html.index('class="classifying"')


def test_what_takes_place_somewhere_says_in_which_territory(client):
    assert CHOOSE in send(client, terms_territory="")
    assert not Event.objects.exists()
    assert CHOOSE not in send(client, terms_territory="", session_format="online")
    assert Event.objects.exists()


def test_what_is_accepted_is_found_by_its_territory(client):
    send(client)
    act(Contribution.objects.get(), "accept", by=factories.member(groups=["Modération"]))
    entries = client.get(f"{AGENDA}?territory=drome").context["results"].object_list
    assert [entry.page.title for entry in entries] == ["Portes ouvertes"]
