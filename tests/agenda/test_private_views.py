"""What stands behind a link, and what nobody finds without it."""

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from commons.agenda import emails
from commons.agenda.models import Registration, State
from tests import factories
from tests.agenda.sign_up_pages import address, key_of, page_of, private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
VERBS = ["get", "head", "post", "put", "patch", "delete", "options"]


@pytest.fixture
def member():
    return factories.member(display_name="Léa")


@pytest.fixture
def session():
    return factories.session(capacity=2)


class TestNotFound:
    @pytest.fixture
    def wrong(self, session) -> list[str]:
        draft = factories.session(factories.training(live=False))
        closed = factories.session()
        PageViewRestriction.objects.create(page=closed.page, restriction_type="login")
        secret = factories.session()
        PageViewRestriction.objects.create(
            page=secret.page, restriction_type="password", password="x"
        )
        other = factories.training()
        found = [address(s) for s in (draft, closed, secret)]
        found += [address(s, "session_ics") for s in (draft, closed, secret)]
        path = address(session).split("seances/")[0]
        elsewhere = other.get_url_parts()[2]
        found += [f"{elsewhere}seances/{session.pk}/inscription/"]
        found += [f"{elsewhere}seances/{session.pk}.ics"]
        numbers = ["0", "999999", "9" * 30, "9" * 400]
        found += [f"{path}seances/{number}/inscription/" for number in numbers]
        return [*found, "/fr/nulle-part/seances/1/inscription/", "/fr/seances/1.ics"]

    @pytest.mark.parametrize("verb", VERBS)
    def test_sessions_of_pages_that_one_may_not_see(self, client, wrong, verb):
        told = {place: getattr(client, verb)(place).status_code for place in wrong}
        assert set(told.values()) == {404}, told

    @pytest.mark.parametrize("verb", VERBS)
    def test_registrations_whose_link_one_does_not_have(self, client, session, verb):
        found = factories.registration(session)
        key = emails.confirmation_key([found])
        wrong = [
            f"/compte/inscription/{found.pk}/",
            f"/compte/inscription/{found.token[:-1]}/",
            f"/compte/inscription/{found.token.swapcase()}/",
            f"/compte/inscription/{'a' * 5000}/",
            f"/compte/inscription/{found.token[:-1]}.ics",
            "/compte/calendrier/inconnu.ics",
            f"/compte/inscription/confirmer/{key[:-3]}/",
        ]
        told = {place: getattr(client, verb)(place).status_code for place in wrong}
        assert set(told.values()) == {404}, told
        found.refresh_from_db()
        assert found.state == State.CONFIRMED

    def test_who_waits_has_no_entry_with_the_video_link(self, client, session):
        found = factories.registration(session, state=State.WAITING)
        assert client.get(f"/compte/inscription/{found.token}.ics").status_code == 404


class TestByLink:
    def test_headers_keep_the_address_secret(self, client, session):
        found = factories.registration(session)
        for place in (private(found), key_of(found), f"/compte/inscription/{found.token}.ics"):
            answer = client.get(place)
            assert "no-store" in answer["Cache-Control"]
            assert answer["Referrer-Policy"] == "no-referrer"
            assert answer["X-Robots-Tag"] == "noindex"

    def test_posts_from_a_page_without_referrer_are_taken(self, session, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member)
        found = factories.registration(session, member=member)
        answer = client.post(private(found), {"do": "cancel"}, headers={"origin": "null"})
        assert answer.status_code == 302
        found.refresh_from_db()
        assert found.state == State.CANCELLED

    def test_an_old_link_leads_to_sign_up_again(self, client, session, monkeypatch):
        found = factories.registration(session, state=State.PENDING)
        old = key_of(found)
        monkeypatch.setattr(emails, "CONFIRM_SECONDS", -1)
        monkeypatch.setattr(emails.read_confirmation_key, "__kwdefaults__", {"max_age": -1})
        for ask in (client.get, client.post):
            answer = ask(old)
            assert answer.status_code == 404
            assert "Ce lien n’est plus valable" in page_of(answer)
            assert f'href="{address(session)}"' in answer.content.decode()
            assert found.email not in answer.content.decode()
        found.refresh_from_db()
        assert found.state == State.PENDING

    def test_a_hold_that_ended_leads_to_sign_up_again(self, client, session):
        past = timezone.now() - timezone.timedelta(minutes=1)
        found = factories.registration(session, state=State.PENDING, held_until=past)
        answer = client.post(key_of(found))
        assert "Le délai de 24 heures est passé" in page_of(answer)
        assert f'href="{address(session)}"' in answer.content.decode()

    def test_shows_answers_and_the_way_in_to_who_has_a_seat(self, client):
        session = factories.session(
            questions="Combien ?",
            video_url="https://visio.example/abc",
            contact_email="contact@example.org",
        )
        found = factories.registration(session, answers=["trois <b>"])
        html = client.get(private(found)).content.decode()
        assert "trois &lt;b&gt;" in html
        assert "https://visio.example/abc" in html
        assert "contact@example.org" in html
        for state in (State.WAITING, State.PENDING, State.CANCELLED, State.EXPIRED):
            Registration.objects.update(state=state)
            html = client.get(private(found)).content.decode()
            assert "visio.example" not in html
            assert "contact@example.org" not in html

    def test_cancelling_after_the_end_is_refused_in_a_sentence(self, client):
        found = factories.registration(factories.session(in_days=-2))
        answer = client.post(private(found), {"do": "cancel"})
        assert "Cette séance est terminée." in page_of(answer)

    def test_speaks_the_language_of_the_registration(self, client, session):
        found = factories.registration(session, language="en")
        assert "Your registration is confirmed" in page_of(client.get(private(found)))
        french = client.get(f"{private(found)}?langue=fr")
        assert "Votre inscription est confirmée" in page_of(french)

    def test_an_unpublished_page_is_named_without_a_link(self, client, session):
        found = factories.registration(session)
        session.page.specific.unpublish()
        page = client.get(private(found))
        assert session.page.title in page_of(page)
        assert session.page.get_url_parts()[2] not in page.content.decode()

    def test_cancelling_asks_first_and_tells_what_follows(self, client, session):
        found, _other = factories.registration(session), factories.registration(session)
        factories.registration(session, state=State.WAITING)
        page = page_of(client.get(f"{private(found)}?annuler=1"))
        assert "Votre place ira à la personne suivante." in page


def test_the_calendar_of_a_session_is_public_and_keeps_the_video_link(client):
    session = factories.session(video_url="https://visio.example/abc")
    answer = client.get(address(session, "session_ics"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"BEGIN:VEVENT" in answer.content
    assert b"visio.example" not in answer.content
    assert answer.cookies == {}


def test_own_entry_has_the_video_link(client):
    session = factories.session(video_url="https://visio.example/abc")
    found = factories.registration(session)
    assert b"visio.example" in client.get(f"/compte/inscription/{found.token}.ics").content
