"""Fixing, moving, calling off: once in the calendar, once in the journal, once to each person."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from commons.agenda import scheduling
from commons.agenda.models import Registration, Repeat, Session, SignUp, State, Status
from commons.refused import Refused
from tests import factories
from tests.agenda.signing import HOUR, fill, later, recipients

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def organiser():
    return factories.member(is_superuser=True)


@pytest.fixture
def session():
    return factories.session(capacity=2, place="Salle des fêtes")


@pytest.fixture
def guests(session):
    """A seat, a place on the list, and those who need not know."""
    rows = fill(session)
    rows.append(factories.registration(session, state=State.WAITING))
    for state in (State.PENDING, State.CANCELLED, State.EXPIRED):
        factories.registration(session, state=state)
    return rows


def new(**fields) -> Session:
    start = timezone.now() + datetime.timedelta(days=3)
    values = {"starts_at": start, "ends_at": start + HOUR} | fields
    return Session(page=Page.objects.get(pk=factories.training().pk), **values)


def actions() -> list[str]:
    found = PageLogEntry.objects.filter(action__startswith="agenda.").order_by("pk")
    return list(found.values_list("action", flat=True))


class TestSaving:
    def test_a_new_session_takes_its_days_and_is_told_to_nobody(self, organiser):
        session = scheduling.save_session(new(label=" Atelier\n2 "), by=organiser)
        assert (session.sequence, session.label) == (0, "Atelier 2")
        assert session.occurrences.count() == 1
        assert (actions(), mail.outbox) == (["agenda.create"], [])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("starts_at", timezone.now() + HOUR),
            ("place", "Mairie"),
            ("format", "online"),
            ("video_url", "https://visio.example/salle"),
            ("label", "Atelier 3"),
        ],
    )
    def test_what_calendars_show_is_told_once(self, session, guests, organiser, field, value):
        setattr(session, field, value)
        scheduling.save_session(session, by=organiser)
        scheduling.save_session(session, by=organiser)
        session.refresh_from_db()
        assert session.sequence == 1
        told = guests[:2] if field == "video_url" else guests
        assert recipients() == [guest.email for guest in told]

    def test_a_new_date_moves_the_day_it_takes(self, session, organiser):
        session.starts_at += datetime.timedelta(days=1)
        session.ends_at += datetime.timedelta(days=1)
        scheduling.save_session(session, by=organiser)
        assert [o.starts_at for o in session.occurrences.all()] == [session.starts_at]

    def test_the_rest_is_told_to_nobody(self, session, guests, organiser):
        session.questions, session.contact_name = "Un régime ?", "Ana"
        scheduling.save_session(session, by=organiser)
        assert (session.sequence, mail.outbox) == (0, [])

    def test_more_seats_promote(self, session, guests, organiser):
        session.capacity = 3
        scheduling.save_session(session, by=organiser)
        assert Registration.objects.get(pk=guests[2].pk).state == State.CONFIRMED
        assert recipients() == [guests[2].email]

    def test_nobody_is_told_of_what_is_over(self, session, guests, organiser):
        with later(days=9):
            session.place = "Mairie"
            scheduling.save_session(session, by=organiser)
        assert mail.outbox == []

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"ends_at": timezone.now()}, "après le début"),
            ({"repeat": Repeat.WEEKLY}, "une séance par date"),
            ({"sign_up": SignUp.ELSEWHERE}, "adresse du site"),
            ({"sign_up_opens_at": timezone.now() + datetime.timedelta(days=9)}, "avant leur"),
            ({"capacity": 0}, "1"),
            ({"video_url": "javascript:alert(1)"}, "URL"),
        ],
    )
    def test_what_contradicts_itself_is_refused(self, organiser, fields, sentence):
        with pytest.raises(Refused, match=sentence):
            scheduling.save_session(new(**fields), by=organiser)
        assert Session.objects.count() == 0

    def test_only_by_who_organises(self, session):
        session.place = "Ailleurs"
        for rule in (
            scheduling.save_session,
            scheduling.cancel_session,
            scheduling.postpone_session,
            scheduling.delete_session,
        ):
            with pytest.raises(Refused, match="organisent"):
                rule(session, by=factories.member())
        session.refresh_from_db()
        assert session.place == "Salle des fêtes"


class TestCallingOff:
    def test_those_registered_know_why(self, session, guests, organiser):
        scheduling.cancel_session(session, by=organiser, note="Trop de neige\x00.")
        scheduling.cancel_session(session, by=organiser)
        session.refresh_from_db()
        assert (session.status, session.sequence) == (Status.CANCELLED, 1)
        assert recipients() == [guest.email for guest in guests]
        assert "Trop de neige." in mail.outbox[0].body
        assert actions() == ["agenda.cancel"]

    def test_postponing_keeps_everybody(self, session, guests, organiser):
        scheduling.postpone_session(session, by=organiser, note="Salle prise.")
        scheduling.postpone_session(session, by=organiser)
        assert recipients() == [guest.email for guest in guests]
        assert mail.outbox[0].subject.startswith("Séance reportée")
        assert actions() == ["agenda.postpone"]
        session.refresh_from_db()
        session.status = Status.PLANNED
        session.starts_at += datetime.timedelta(days=1)
        session.ends_at += datetime.timedelta(days=1)
        scheduling.save_session(session, by=organiser)
        assert len(mail.outbox) == 6
        assert session.sequence == 2

    def test_the_journal_names_nobody(self, session, guests, organiser):
        scheduling.cancel_session(session, by=organiser)
        assert "@" not in str(PageLogEntry.objects.get(action="agenda.cancel").data)


class TestDeleting:
    def test_not_while_people_count_on_it(self, session, guests, organiser):
        with pytest.raises(Refused, match="annulez d’abord"):
            scheduling.delete_session(session, by=organiser)
        scheduling.cancel_session(session, by=organiser)
        scheduling.delete_session(session, by=organiser)
        assert Session.objects.count() == 0

    def test_when_nobody_does(self, session, organiser):
        factories.registration(session, state=State.CANCELLED)
        scheduling.delete_session(session, by=organiser)
        assert actions() == ["agenda.delete"]

    def test_no_page_is_deleted_under_its_guests(self, session, guests, organiser, client):
        client.force_login(organiser)
        page = session.page
        alone = reverse("wagtailadmin_pages:delete", args=[page.pk])
        above = reverse("wagtailadmin_pages:delete", args=[page.get_parent().pk])
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        for address in (alone, above, f"{bulk}?id={page.pk}"):
            assert client.post(address).status_code == 302
            assert Page.objects.filter(pk=page.pk).exists()
        scheduling.cancel_session(session, by=organiser)
        assert client.post(alone).status_code == 302
        assert not Page.objects.filter(pk=page.pk).exists()
