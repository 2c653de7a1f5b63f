"""A training is proposed with its people and its first session, and published by a moderator."""

import datetime

import pytest
from django.utils import timezone

from commons.agenda.models import Session, SignUp
from commons.contributions.models import Contribution, State
from commons.trainings.models import Training
from tests import factories
from tests.contributions.form_data import SENDER, act, summed, ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ADDRESS = "/fr/se-former/proposer/formation/"
DAY = timezone.localdate() + datetime.timedelta(days=20)
SAID = {
    "title": "Fixer ses prix",
    "summary": "Une soirée pour parler d’argent.",
    "kind": "workshop",
    "objectives": "- Compter **juste**",
    "for_whom": "Les maraîchers.",
    "text": "## 18 h\n\nAccueil.",
    "trainers": "Ana Petit, Une ferme, à Die\nLéo Blanc",
    "witnesses": "- Inès Noir, Un magasin",
    "price": "chosen",
    "price_note": "Entre 5 et 20 €.",
    "session_day": DAY.isoformat(),
    "session_start": "18:00",
    "session_end": "20:30",
    "session_format": "hybrid",
    "session_commune": "Die",
    "terms_territory": "drome",
    "session_video_url": "https://visio.example.org/a",
    "session_capacity": "12",
    "session_zone": "Europe/Paris",
    "licence_ok": "on",
}
UNDATED = dict.fromkeys(["session_day", "session_start", "session_end"], "")


@pytest.fixture
def trainings(site):
    factories.term("territory", "drome", "Drôme")
    return factories.trainings_page()


def send(client, **changes):
    given = ticket()
    form = {**SAID, **SENDER, "ticket": given, "sum": summed(given), "do": "send", **changes}
    return client.post(ADDRESS, form, follow=True)


@pytest.fixture
def member(client, trainings):
    found = factories.member()
    client.force_login(found)
    return found


def test_the_section_leads_to_the_form_which_asks_in_plain_words(client, trainings):
    assert ADDRESS in client.get(trainings.get_url()).content.decode()
    assert ADDRESS in client.get("/fr/se-former/proposer/").content.decode()
    html = client.get(ADDRESS).content.decode()
    assert 'type="date"' in html
    assert html.count('type="time"') == 2
    assert "RRULE" not in html


def test_what_a_member_proposes_waits_hidden_with_its_session_then_is_published(client, member):
    send(client)
    page = Training.objects.get()
    session = Session.objects.of(page).get()
    assert (page.live, page.owner, page.kind, page.price) == (False, member, "workshop", "chosen")
    assert [(p.name, p.organisation, p.role) for p in page.people.all()] == [
        ("Ana Petit", "Une ferme, à Die", "trainer"),
        ("Léo Blanc", "", "trainer"),
        ("Inès Noir", "Un magasin", "witness"),
    ]
    assert f"{session.local_start:%Y-%m-%d %H:%M} {session.commune}" == f"{DAY} 18:00 Die"
    assert (session.capacity, session.sign_up, session.format) == (12, SignUp.HERE, "hybrid")
    client.logout()
    assert client.get(f"{page.get_url()}seances/{session.pk}/inscription/").status_code == 404
    assert "Fixer ses prix" not in client.get("/fr/se-former/").content.decode()
    act(Contribution.objects.get(), "accept", by=factories.member(groups=["Modération"]))
    html = client.get(page.get_url()).content.decode()
    assert "<strong>juste</strong>" in html
    assert "12 places sur 12" in html
    assert "visio.example.org" not in html
    assert "Fixer ses prix" in client.get("/fr/se-former/").content.decode()


def test_a_new_version_changes_the_same_session(client, member):
    send(client)
    found = Contribution.objects.get()
    draft = f"/fr/se-former/proposer/brouillon/{found.token}/"
    html = client.get(draft).content.decode()
    assert f'value="{DAY.isoformat()}"' in html
    client.post(draft, {**SAID, "session_capacity": "30", "do": "send"})
    session = Session.objects.get()
    assert (session.capacity, session.page_id) == (30, Training.objects.get().pk)
    client.post(draft, {**SAID, **UNDATED, "do": "send"})
    assert not Session.objects.exists()


def test_somebody_without_account_proposes_too(client, trainings):
    send(client)
    assert Contribution.objects.get().state == State.UNCONFIRMED
    assert not Training.objects.exists()
    assert not Session.objects.exists()


def test_an_external_training_is_signed_up_for_where_it_is(client, member):
    url = "https://exemple.org/formation"
    html = send(client, external_url=url).content.decode()
    assert "Dites qui organise cette formation." in html
    send(client, external_url=url, organiser="Un réseau")
    session = Session.objects.get()
    assert (session.sign_up, session.sign_up_url) == (SignUp.ELSEWHERE, url)
    assert Training.objects.get().is_external


def test_a_training_without_date_has_no_session(client, member):
    send(client, **UNDATED, session_commune="")
    assert Training.objects.count() == 1
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"objectives": ""}, "Remplissez ce champ."),
        ({"session_end": "17:00"}, "La fin doit venir après le début."),
        ({"session_commune": ""}, "Dites dans quelle commune."),
        ({"external_url": "javascript:alert(1)"}, "Copiez-la entière"),
        ({"trainers": "\n".join(f"Nom {n}" for n in range(21))}, "vingt personnes au plus"),
        ({"trainers": "x" * 130}, "seulement le nom"),
        ({"kind": "autre"}, "Sélectionnez un choix valide"),
    ],
)
def test_each_mistake_is_said_and_nothing_typed_is_lost(client, member, changes, said):
    html = send(client, **changes).content.decode()
    assert said in html
    assert "Fixer ses prix" in html
    assert not Training.objects.exists()
    assert Contribution.objects.get().state == State.DRAFT
