"""*Mes inscriptions* and the private calendar: my own, nobody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from commons.agenda.models import CalendarLink, State, Status
from commons.agenda.registration import cancel
from commons.agenda.scheduling import cancel_session
from tests import factories
from tests.agenda.sign_up_pages import page_of, private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
MINE = "/compte/inscriptions/"
CHANGE = "/compte/inscriptions/calendrier/"


@pytest.fixture
def member():
    return factories.member(display_name="Léa")


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def calendar_of(member) -> str:
    return f"/compte/calendrier/{CalendarLink.objects.get(member=member).token}.ics"


def test_the_account_leads_there(signed_in):
    assert f'href="{MINE}"' in signed_in.get("/compte/").content.decode()


def test_nobody_without_account(client):
    assert client.get(MINE).url == f"/compte/login/?next={MINE}"
    assert client.post(CHANGE).url == f"/compte/login/?next={CHANGE}"


def test_empty_says_where_sessions_are_found(signed_in):
    factories.trainings_page()
    page = signed_in.get(MINE)
    assert "Vous n’avez aucune inscription à venir." in page_of(page)
    places = page.content.decode().split("Pour en trouver")[1].split("</ul>")[0]
    assert "/fr/se-former/" in places
    assert "/fr/se-documenter/" not in places


@pytest.mark.parametrize("state", [State.CONFIRMED, State.WAITING])
def test_what_is_called_off_is_said_to_be(signed_in, member, state):
    session = factories.session(status=Status.CANCELLED, status_note="Neige")
    found = factories.registration(session, member=member, state=state)
    said = page_of(signed_in.get(MINE))
    assert "Vous n’avez aucune inscription à venir." in said
    assert "Annulées" in said
    assert "Rendez-vous annulé : Neige" in said
    for page in (said, page_of(signed_in.get(private(found)))):
        assert "Vous êtes sur la liste" not in page
        assert "est confirmée" not in page
        assert "vous n’avez rien à faire" in page
        assert "Oui, " not in page


def test_who_waits_leaves_the_list(signed_in, member):
    found = factories.registration(factories.session(), member=member, state=State.WAITING)
    assert "quitter la liste d’attente" in page_of(signed_in.get(MINE))
    said = page_of(signed_in.get(private(found)))
    assert "Quitter la liste d’attente" in said
    assert "annuler mon inscription" not in said.lower()
    said = page_of(signed_in.get(found.session.page.get_url()))
    assert "Quitter la liste d’attente" in said


def test_what_is_to_come_then_what_is_past(signed_in, member):
    later, soon, full = (factories.session(in_days=days, capacity=1) for days in (9, 3, 5))
    past = factories.session(in_days=-4, replay=factories.article().page_ptr)
    left = factories.session()
    for session in (later, soon, past):
        factories.registration(session, member=member)
    factories.registration(full)
    factories.registration(full, member=member, state=State.WAITING)
    factories.registration(left, member=member, state=State.CANCELLED)
    page = page_of(signed_in.get(MINE))
    titles = [session.page.title for session in (soon, full, later, past)]
    places = [page.index(f" {title} ") for title in titles]
    assert places == sorted(places)
    assert f" {left.page.title} " not in page
    assert "en position 1" in page
    assert "Regarder la rediffusion" in page[places[-1] :]


def test_an_earlier_registration_from_the_same_address_is_mine(signed_in, member):
    found = factories.registration(factories.session(), email=member.email.upper())
    assert private(found) in signed_in.get(MINE).content.decode()


def test_others_registrations_are_not_shown(signed_in):
    found = factories.registration(factories.session(), member=factories.member())
    assert found.session.page.title not in page_of(signed_in.get(MINE))


class TestCalendar:
    def test_is_made_renewed_and_revoked(self, signed_in, member):
        signed_in.post(CHANGE)
        first = calendar_of(member)
        assert f"http://testserver{first}" in signed_in.get(MINE).content.decode()
        assert signed_in.get(first).status_code == 200
        signed_in.post(CHANGE, {"do": "renew"})
        assert signed_in.get(first).status_code == 404
        second = calendar_of(member)
        assert signed_in.get(second).status_code == 200
        for _ in range(2):
            signed_in.post(CHANGE, {"do": "revoke"})
        assert signed_in.get(second).status_code == 404
        assert second not in signed_in.get(MINE).content.decode()

    def test_needs_no_cookie_and_holds_what_i_have_a_seat_in(self, signed_in, member):
        mine, waited, others = (factories.session() for _ in range(3))
        factories.registration(mine, member=member)
        factories.registration(waited, member=member, state=State.WAITING)
        factories.registration(others)
        signed_in.post(CHANGE)
        answer = Client().get(calendar_of(member))
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        assert [str(event["summary"]) for event in events] == [mine.title]

    def test_holds_the_video_link_of_my_seats_until_they_end(self, signed_in, member):
        urls = [f"https://visio.example.org/{name}" for name in ("mine", "waited", "other", "off")]
        mine, waited, others, off = (
            factories.session(format="online", video_url=url) for url in urls
        )
        seat = factories.registration(mine, member=member)
        factories.registration(waited, member=member, state=State.WAITING)
        factories.registration(others)
        factories.registration(off, member=member)
        cancel_session(off, by=None)
        signed_in.post(CHANGE)

        def told() -> list[str]:
            content = Client().get(calendar_of(member)).content.replace(b"\r\n ", b"").decode()
            return [url for url in urls if url in content]

        assert told() == [urls[0]]
        event = Calendar.from_ical(Client().get(calendar_of(member)).content).events[0]
        assert str(event["conference"]) == urls[0]
        assert urls[0] in str(event["description"])
        cancel(seat, by=member)
        assert told() == []

    def test_ends_with_the_account(self, signed_in, member):
        signed_in.post(CHANGE)
        place = calendar_of(member)
        member.is_active = False
        member.save()
        assert Client().get(place).status_code == 404

    def test_needs_a_click_on_this_site(self, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member)
        assert client.post(CHANGE).status_code == 403
        assert client.get(CHANGE).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_queries_do_not_depend_on_the_number_of_registrations(site, member):
    client = Client()
    client.force_login(member)
    client.post(CHANGE)
    calendar, counted = calendar_of(member), []
    for number in (1, 2):
        for _ in range(number):  # 1, then 3 in all
            full = factories.session(capacity=1)
            factories.registration(full, member=member, state=State.WAITING)
            past = factories.session(in_days=-4, replay=factories.article().page_ptr)
            for session in (factories.session(), past):
                factories.registration(session, member=member)
        for _ in range(2):  # what is remembered is, whatever came before
            client.get(MINE)
            client.get("/fr/")
        with CaptureQueriesContext(connection) as listed:
            client.get(MINE)
        with CaptureQueriesContext(connection) as followed:
            client.get(calendar)
        counted.append((len(listed), len(followed)))
    assert counted[0] == counted[1]


def test_a_phone_opens_the_private_calendar_by_a_link(signed_in, member):
    signed_in.post(CHANGE, {"do": "renew"})
    html = signed_in.get(MINE).content.decode()
    assert f'href="webcal://testserver{calendar_of(member)}"' in html
    assert f"http://testserver{calendar_of(member)}</textarea>" in html
