"""Fixing, moving, calling off: once in the calendar, once in the journal, once to each person."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from commons.agenda import registration, scheduling
from commons.agenda.models import Registration, Repeat, Session, SignUp, State, Status
from commons.refused import Refused
from tests import factories
from tests.agenda.sign_ups import HOUR, fill, later, recipients

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
            scheduling.restore_session,
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

    def test_not_what_is_over(self, session, guests, organiser):
        with later(days=9):
            for rule in (scheduling.cancel_session, scheduling.postpone_session):
                with pytest.raises(Refused, match="terminée"):
                    rule(session, by=organiser)
        assert (actions(), mail.outbox) == ([], [])

    def test_what_was_put_off_is_called_off_even_after_its_first_date(
        self, session, guests, organiser
    ):
        scheduling.postpone_session(session, by=organiser)
        with later(days=9):
            with pytest.raises(Refused, match="annulez d’abord"):
                scheduling.delete_session(session, by=organiser)
            scheduling.cancel_session(session, by=organiser)
        assert mail.outbox[-1].subject.startswith("Séance annulée")

    def test_an_edit_begun_before_does_not_undo_it_nor_write_to_anybody(
        self, session, guests, organiser
    ):
        scheduling.cancel_session(session, by=organiser, note="Neige.")
        mail.outbox.clear()
        session.place = "Mairie"
        scheduling.save_session(session, by=organiser)
        session.refresh_from_db()
        assert (session.status, session.status_note) == (Status.CANCELLED, "Neige.")
        assert (session.place, mail.outbox) == ("Mairie", [])

    def test_the_journal_names_nobody(self, session, guests, organiser):
        scheduling.cancel_session(session, by=organiser)
        assert "@" not in str(PageLogEntry.objects.get(action="agenda.cancel").data)


def move(session: Session, **length) -> Session:
    """The session as its organiser's form has it, on another day."""
    session = Session.objects.get(pk=session.pk)
    session.starts_at += datetime.timedelta(**length)
    session.ends_at += datetime.timedelta(**length)
    return session


class TestComingBack:
    def test_a_new_date_brings_back_what_was_put_off(self, session, guests, organiser):
        scheduling.postpone_session(session, by=organiser, note="Salle prise.")
        session = scheduling.save_session(move(session, days=9), by=organiser)
        session.refresh_from_db()
        assert (session.status, session.status_note, session.sequence) == (Status.PLANNED, "", 2)
        assert recipients()[3:] == [guest.email for guest in guests]
        message = mail.outbox[3]
        assert message.subject.startswith("La séance a bien lieu")
        assert "Nouvelle date" in message.body
        calendar = message.attachments[0][1]
        assert "SEQUENCE:2" in calendar
        assert "STATUS:CONFIRMED" in calendar
        assert registration.register(session, member=factories.member()).state == State.WAITING

    def test_its_deadline_follows(self, session, organiser):
        Session.objects.update(sign_up_closes_at=session.starts_at - HOUR)
        scheduling.postpone_session(session, by=organiser)
        moved = scheduling.save_session(move(session, days=9), by=organiser)
        assert moved.closes_at == moved.starts_at - HOUR

    def test_without_a_new_date_it_stays_put_off(self, session, organiser):
        scheduling.postpone_session(session, by=organiser, note="Salle prise.")
        session = move(session)
        session.place = "Mairie"
        scheduling.save_session(session, by=organiser)
        session.refresh_from_db()
        assert (session.status, session.status_note) == (Status.POSTPONED, "Salle prise.")

    def test_form_opened_before_brings_nothing_back(self, session, guests, organiser):
        opened = move(session, days=1)
        scheduling.cancel_session(session, by=organiser)
        scheduling.save_session(opened, by=organiser)
        session.refresh_from_db()
        assert session.status == Status.CANCELLED
        assert len(mail.outbox) == 3

    @pytest.mark.parametrize("rule", [scheduling.cancel_session, scheduling.postpone_session])
    def test_organisers_think_again(self, session, guests, organiser, rule):
        rule(session, by=organiser, note="Neige")
        scheduling.restore_session(session, by=organiser)
        scheduling.restore_session(session, by=organiser)
        session.refresh_from_db()
        assert (session.status, session.status_note, session.sequence) == (Status.PLANNED, "", 2)
        assert recipients()[3:] == [guest.email for guest in guests]
        assert "SEQUENCE:2" in mail.outbox[3].attachments[0][1]
        assert actions()[1:] == ["agenda.restore"]

    def test_free_seats_then_go_to_the_list(self, session, guests, organiser):
        scheduling.cancel_session(session, by=organiser)
        registration.cancel(guests[0])
        scheduling.restore_session(session, by=organiser)
        assert Registration.objects.get(pk=guests[2].pk).state == State.CONFIRMED

    def test_a_day_that_is_past_does_not_come_back(self, session, organiser):
        scheduling.cancel_session(session, by=organiser)
        with later(days=9), pytest.raises(Refused, match="nouvelle date"):
            scheduling.restore_session(session, by=organiser)


class TestOneDay:
    def test_the_other_days_stand(self, organiser):
        market = factories.session(factories.event(), repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
        days = [at.first_day for at in market.occurrences.all()[:3]]
        for _ in range(2):
            scheduling.skip_day(market, days[1], by=organiser)
        market.refresh_from_db()
        assert (market.status, market.sequence) == (Status.PLANNED, 1)
        assert [at.first_day for at in market.occurrences.all()[:2]] == [days[0], days[2]]
        assert actions() == ["agenda.skip"]

    def test_only_a_day_on_which_it_takes_place(self, session, organiser):
        market = factories.session(factories.event(), repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
        for one, shift in ((market, 1), (market, -7), (session, 0)):
            day = (one.local_start + datetime.timedelta(days=shift)).date()
            with pytest.raises(Refused, match="dates à venir"):
                scheduling.skip_day(one, day, by=organiser)


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
