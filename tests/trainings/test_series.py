"""A series: its trainings in order, one sign-up for all its sessions, how far a member is."""

import re

import pytest
from django.core import mail
from wagtail.models import PageViewRestriction

from commons.agenda.models import Registration, State
from commons.trainings.curriculum import steps_of
from tests import factories
from tests.contributions.form_data import summed, ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def trainings():
    return [factories.training(title=f"Atelier {n}") for n in ("un", "deux", "trois")]


@pytest.fixture
def series(trainings):
    return factories.series(*trainings, title="Le cycle")


def visitor(**changes) -> dict:
    given = ticket()
    said = {"name": "Ana", "email": "ana@example.org", "ticket": given, "sum": summed(given)}
    return said | changes


def states(series) -> list[str]:
    return list(Registration.objects.order_by("session__starts_at").values_list("state", flat=True))


def address(series) -> str:
    return f"{series.get_url()}inscription/"


def test_trainings_stand_in_order_with_their_next_session(client, series, trainings):
    factories.session(trainings[0], in_days=9)
    html = client.get(series.get_url()).content.decode()
    places = [html.index(f">Atelier {n}</a></h3>") for n in ("un", "deux", "trois")]
    assert places == sorted(places)
    assert html.count("Date à venir") == 2
    assert address(series) in html


def test_there_is_no_button_where_nothing_is_open(client, series, trainings):
    factories.session(trainings[0], in_days=-3)
    assert address(series) not in client.get(series.get_url()).content.decode()
    html = client.get(address(series)).content.decode()
    assert "Il n’y a pas d’inscription à prendre" in html
    assert '<form method="post"' not in html
    assert client.post(address(series), visitor()).status_code == 200
    assert not Registration.objects.exists()


def test_what_is_past_leads_to_its_replay(client, series, trainings):
    replay = factories.article(title="Revoir le prix")
    factories.session(trainings[0], in_days=-3, replay=replay.page_ptr)
    factories.session(trainings[1], in_days=-3)
    factories.session(trainings[2], in_days=3)
    html = client.get(address(series)).content.decode()
    assert f'href="{replay.get_url()}"' in html
    assert "Cette séance est terminée." in html
    assert "Aucune séance ouverte" not in html


def test_the_next_session_with_a_seat_is_offered_before_a_full_one(series, trainings, client):
    factories.registration(factories.session(trainings[0], in_days=2, capacity=1))
    free = factories.session(trainings[0], in_days=5)
    full = factories.session(trainings[1], in_days=6, capacity=1)
    factories.registration(full)
    offered = [s.offered and s.offered.session for s in steps_of(series, user=factories.member())]
    assert offered == [free, full, None]
    html = client.get(address(series)).content.decode()
    assert html.count("vous serez sur la liste d’attente") == 1
    assert html.count("Aucune séance ouverte") == 1


def test_a_member_signs_up_once_for_all_and_waits_for_what_is_full(client, series, trainings):
    member = factories.member()
    client.force_login(member)
    factories.session(trainings[0], in_days=2)
    factories.registration(factories.session(trainings[1], in_days=3, capacity=1))
    factories.registration(factories.session(trainings[2], in_days=4), member=member)
    answer = client.post(address(series), follow=True)
    mine = Registration.objects.by(member).order_by("session__starts_at")
    expected = [State.CONFIRMED, State.WAITING, State.CONFIRMED]
    assert list(mine.values_list("state", flat=True)) == expected
    assert "liste d’attente" in answer.content.decode()
    assert len(mail.outbox) == 1
    client.post(address(series))
    assert Registration.objects.by(member).count() == 3
    assert len(mail.outbox) == 1
    assert address(series) not in client.get(series.get_url()).content.decode()


def test_somebody_without_account_confirms_all_by_one_link(client, series, trainings):
    for days, training in enumerate(trainings, 2):
        factories.session(training, in_days=days)
    answer = client.post(address(series), visitor(), follow=True)
    assert "ana@example.org" in answer.content.decode()
    assert states(series) == [State.PENDING] * 3
    (email,) = mail.outbox
    link = re.search(r"http\S+/confirmer/\S+", email.body)[0]
    assert "<h1>Confirmermoninscription</h1>" in heading(client.get(link))
    done = client.post(link.split("localhost:8000")[-1] if "localhost:8000" in link else link)
    assert states(series) == [State.CONFIRMED] * 3
    assert "<h1>Oùenestmoninscription</h1>" in heading(client.get(done.url))


def heading(answer) -> str:
    return "".join(answer.content.decode().split())


def test_a_robot_and_an_empty_form_register_nobody(client, series, trainings):
    factories.session(trainings[0], in_days=2)
    client.post(address(series), visitor(website="https://spam.example"))
    client.post(address(series), visitor(sum="0"))
    html = client.post(address(series), visitor(email="non")).content.decode()
    assert "Écrivez-la entière" in html
    assert not Registration.objects.exists()


def test_what_one_may_not_see_is_no_part_of_it(client, series, trainings):
    factories.session(trainings[0], in_days=2)
    hidden = factories.session(trainings[1], in_days=3)
    PageViewRestriction.objects.create(page=trainings[1], restriction_type="groups")
    client.post(address(series), visitor())
    assert Registration.objects.count() == 1
    assert not hidden.registrations.exists()
    assert "Atelier deux" not in client.get(series.get_url()).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_a_visible_series_is_signed_up_for(client, series, trainings, method):
    training = trainings[0]
    draft = factories.series(training, live=False)
    for page in (training, draft):
        assert getattr(client, method)(f"{page.get_url()}inscription/").status_code == 404


def test_progress_counts_the_trainings_that_one_was_present_at(client, trainings):
    guide, member = factories.guide(), factories.member()
    series = factories.series(*trainings, title="Le cycle", linked_guide=guide)
    past = factories.session(trainings[0], in_days=-5)
    again = factories.session(trainings[0], in_days=-3)
    absent = factories.session(trainings[1], in_days=-2)
    for session, attended in ((past, True), (again, True), (absent, False)):
        factories.registration(session, member=member, attended=attended)
    said = "1 séance suivie sur 3"
    pages = [series.get_url(), guide.get_url(), trainings[2].get_url(), "/compte/inscriptions/"]
    for page in pages[:3]:
        html = client.get(page).content.decode()
        assert "Le cycle" in html
        assert "séance suivie" not in html
    client.force_login(member)
    for page in pages:
        assert said in client.get(page).content.decode(), page
    client.force_login(factories.member())
    assert "pas encore suivi" in client.get(series.get_url()).content.decode()
    assert "Le cycle" not in client.get(pages[3]).content.decode()


class TestQuestions:
    """Each session asks what it asks alone; the same question stands once."""

    @pytest.fixture
    def sessions(self, trainings):
        asked = ("Un régime ?\nÀ quelle ferme ?", "un  régime\u00a0?", "")
        return [
            factories.session(page, in_days=5 + n, questions=text)
            for n, (page, text) in enumerate(zip(trainings, asked, strict=True))
        ]

    def fields(self, client, series) -> dict[str, str]:
        """The name of the field of each question on the page."""
        form = client.get(address(series)).context["form"]
        return {str(form[name].label): name for name in form.asked}

    def answers(self) -> list[list[str]]:
        return list(Registration.objects.order_by("session").values_list("answers", flat=True))

    def test_are_asked_once_and_kept_for_each_session(self, client, series, sessions):
        fields = self.fields(client, series)
        assert list(fields) == ["Un régime ?", "À quelle ferme ?"]
        said = {fields["Un régime ?"]: "sans gluten", fields["À quelle ferme ?"]: "Le Pré"}
        answer = client.post(address(series), visitor(**said))
        assert answer.status_code == 302
        assert self.answers() == [["sans gluten", "Le Pré"], ["sans gluten"], []]

    def test_what_an_organiser_called_a_session_is_no_html(self, client, series, sessions):
        sessions[0].label = '<meta http-equiv="refresh" content="0;url=//exemple.net">'
        sessions[0].save()
        html = client.get(address(series)).content.decode()
        assert "exemple.net" in html
        assert '<meta http-equiv="refresh"' not in html

    def test_a_member_is_asked_too(self, client, series, sessions):
        client.force_login(factories.member())
        fields = self.fields(client, series)
        assert "Atelier un" in client.get(address(series)).content.decode()
        client.post(
            address(series), {fields["Un régime ?"]: "végétarien", fields["À quelle ferme ?"]: ""}
        )
        assert self.answers() == [["végétarien", ""], ["végétarien"], []]

    def test_what_was_not_asked_yet_is_asked_and_what_is_typed_stays(
        self, client, series, sessions
    ):
        fields = self.fields(client, series)
        said = {fields["Un régime ?"]: "sans gluten", fields["À quelle ferme ?"]: "Le Pré"}
        sessions[2].questions = "Venez-vous en train ?"
        sessions[2].save()
        answer = client.post(address(series), visitor(**said))
        html = answer.content.decode()
        assert "Cette question s’ajoute" in html
        assert all(text in html for text in ("sans gluten", "Le Pré", 'value="Ana"'))
        assert not Registration.objects.exists()
        added = self.fields(client, series)["Venez-vous en train ?"]
        client.post(address(series), visitor(**said, **{added: "oui"}))
        assert self.answers() == [["sans gluten", "Le Pré"], ["sans gluten"], ["oui"]]

    def test_an_address_that_is_missing_keeps_the_answers(self, client, series, sessions):
        fields = self.fields(client, series)
        said = {fields["Un régime ?"]: "sans gluten", fields["À quelle ferme ?"]: "Le Pré"}
        html = client.post(address(series), visitor(email="", **said)).content.decode()
        assert "sans gluten" in html
        assert not Registration.objects.exists()
