"""Emails: to one person, of what concerns them alone, with a calendar that mail programs read."""

import copy
import datetime
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from commons.agenda import emails, registration
from commons.agenda.emails import Kind
from commons.agenda.models import State, Status
from commons.members.delivery import as_message
from commons.members.models import OutgoingMail
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

VIDEO = "https://visio.example.org/secret"
DAY = datetime.timedelta(days=1)
START = datetime.datetime(2027, 3, 12, 17, tzinfo=ZoneInfo("Europe/Paris"))
HELD = datetime.datetime(2027, 3, 2, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(START - 11 * DAY, tick=False):
        yield


@pytest.fixture
def session():
    page = factories.training(title="Fixer un prix")
    return factories.session(page, starts_at=START, ends_at=START + DAY / 16, **ONLINE)


ONLINE = {
    "format": "online",
    "video_url": VIDEO,
    "contact_name": "Léa",
    "contact_email": "lea@example.org",
}


def seat(session, **fields):
    fields.setdefault("email", "ana@example.org")
    return factories.registration(session, name=fields.pop("name", "Ana"), **fields)


def tell(rows, kind, **extra):
    emails.send(rows if isinstance(rows, list) else [rows], kind, **extra)
    message = mail.outbox[-1]
    assert message.to == ["ana@example.org"]
    return message


def both(message) -> list[str]:
    """The text and the HTML."""
    return [message.body, message.alternatives[0][0]]


def calendars(message) -> list[icalendar.Calendar]:
    """What a mail program finds, once the message was written and read again."""
    read = message_from_bytes(message.message().as_bytes(), policy=policy.SMTP)
    parts = [part for part in read.walk() if part.get_content_type() == "text/calendar"]
    found = [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in parts]
    assert [part.get_param("method") for part in parts] == [c["method"] for c in found]
    return found


def changed(session, *names, **fields):
    """(the session as it is now, what `tell` gets to say what it was)"""
    after = copy.copy(session)
    for name, value in fields.items():
        setattr(after, name, value)
    after.sequence += 1
    return after, {"before": session, "changed": [*fields, *names]}


SEATED = [Kind.CONFIRMED, Kind.ALREADY, Kind.PROMOTED, Kind.ADDED, Kind.REMINDER]


class TestWithASeat:
    @pytest.mark.parametrize("kind", SEATED)
    def test_says_what_when_where_and_how_to_leave(self, session, kind):
        own = seat(session)
        message = tell(own, kind)
        assert "Fixer un prix" in message.subject
        for text in both(message):
            assert "vendredi 12 mars 2027, 17 h – 18 h 30" in text.replace("\u00a0", " ")
            assert "heure locale : France métropolitaine" in text
            assert VIDEO in text
            assert "lea@example.org" in text
            assert f"/compte/inscription/{own.token}/" in text
            assert "réservée" in text

    @pytest.mark.parametrize("kind", SEATED)
    def test_carries_the_session_for_their_calendar(self, session, kind):
        (calendar,) = calendars(tell(seat(session), kind))
        (event,) = calendar.walk("VEVENT")
        assert calendar["method"] == "REQUEST"
        assert event.start == START
        assert event["status"] == "CONFIRMED"

    def test_answers_go_to_the_contact(self, session):
        assert tell(seat(session), Kind.CONFIRMED).message()["Reply-To"] == "lea@example.org"

    def test_the_place_is_said(self, session):
        session.format, session.place, session.commune = "on_site", "Ferme du Pré", "Uzès"
        assert "\nFerme du Pré, Uzès\n" in tell(seat(session), Kind.CONFIRMED).body

    def test_the_clock_is_that_of_the_place(self, session):
        session.time_zone = "Indian/Reunion"
        assert "20\u00a0h – 21\u00a0h\u00a030" in tell(seat(session), Kind.CONFIRMED).body

    def test_a_link_to_come_is_announced(self, session):
        session.video_url = ""
        assert "s’affichera" in tell(seat(session), Kind.CONFIRMED).body

    def test_in_their_language(self, session):
        message = tell(seat(session, language="en"), Kind.CONFIRMED)
        assert message.subject == "You are registered: Fixer un prix"
        assert "Friday 12 March 2027" in message.body


class TestWithoutASeat:
    def test_who_is_to_confirm_knows_until_when(self, session):
        own = seat(session, state=State.PENDING, held_until=HELD)
        message = tell(own, Kind.CONFIRM)
        for text in both(message):
            assert "gardée jusqu’au mardi 2 mars 2027, 9 h 30" in text.replace("\u00a0", " ")
            assert "/compte/inscription/confirmer/" in text
            assert own.token not in text, "the private link is for who confirmed"

    def test_who_will_wait_knows_it(self, session):
        message = tell(seat(session, state=State.PENDING), Kind.CONFIRM)
        assert "vous serez sur la liste d’attente" in message.body

    def test_who_waits_knows_their_position(self, session):
        factories.registration(session, state=State.WAITING, queued_at=timezone.now() - DAY)
        message = tell(seat(session, state=State.WAITING), Kind.WAITING)
        for text in both(message):
            assert "en position 2" in text

    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("state", [State.PENDING, State.WAITING, State.CANCELLED])
    def test_neither_the_way_in_nor_the_contact_is_told(self, session, state, kind):
        after, change = changed(session, place="Ici")
        own = seat(after, state=state)
        extra = {**change, "replay": factories.article(), "subject": "Mot", "text": "Un mot."}
        message = tell(own, kind, **extra)
        written = message.message().as_string() + "".join(both(message))
        written += "".join(str(calendar.to_ical()) for calendar in calendars(message))
        assert "visio" not in written
        # Who is written to by an organiser may answer, once their own address has.
        assert written.count("lea@") == (kind == Kind.MESSAGE and state != State.PENDING)


class TestChanges:
    def test_a_new_date_and_place_are_told_with_the_old(self, session):
        after, change = changed(
            session,
            starts_at=START + DAY,
            ends_at=START + DAY + DAY / 16,
            place="Salle B",
            format="hybrid",
        )
        message = tell(seat(after), Kind.CHANGED, **change)
        body = message.body.replace("\u00a0", " ")
        assert "Nouvelle date : samedi 13 mars 2027, 17 h – 18 h 30" in body
        assert "Avant : vendredi 12 mars 2027" in body
        assert "Nouveau lieu : Salle B · En ligne. Avant : En ligne." in body
        (calendar,) = calendars(message)
        (event,) = calendar.walk("VEVENT")
        assert (event.start, event["sequence"]) == (START + DAY, 1)

    def test_a_new_link_is_told_to_those_who_have_a_seat_only(self, session):
        after, change = changed(session, video_url="https://visio.example.org/new")
        assert "/new" in tell(seat(after), Kind.CHANGED, **change).body
        count = len(mail.outbox)
        waiting = factories.registration(after, state=State.WAITING)
        emails.send([waiting], Kind.CHANGED, **change)
        assert len(mail.outbox) == count

    def test_postponed(self, session):
        after, change = changed(session, status=Status.POSTPONED, status_note="Gel")
        message = tell(seat(after), Kind.CHANGED, **change)
        assert message.subject == "Séance reportée : Fixer un prix"
        assert "Gel" in message.body
        assert "Date à venir, au lieu de : vendredi" in message.body
        (calendar,) = calendars(message)
        assert calendar.walk("VEVENT")[0]["status"] == "TENTATIVE"

    def test_it_takes_place_after_all(self, session):
        before = copy.copy(session)
        before.status = Status.CANCELLED
        extra = {"before": before, "changed": ["status"]}
        assert "a bien lieu" in tell(seat(session), Kind.CHANGED, **extra).body

    def test_called_off(self, session):
        session.status, session.status_note = Status.CANCELLED, "La route est coupée"
        message = tell(seat(session), Kind.SESSION_CANCELLED)
        assert "n’aura pas lieu" in message.body
        assert "Raison : La route est coupée" in message.body
        (calendar,) = calendars(message)
        assert calendar["method"] == "CANCEL"
        for text in both(message):
            assert VIDEO not in text

    def test_left(self, session):
        message = tell(seat(session, state=State.CANCELLED), Kind.CANCELLED)
        (calendar,) = calendars(message)
        assert calendar["method"] == "CANCEL"
        assert calendar.walk("VEVENT")[0]["status"] == "CANCELLED"


class TestAfterwards:
    @pytest.mark.parametrize("kind", [Kind.PRESENT, Kind.ABSENT, Kind.MESSAGE])
    def test_what_is_over_is_joined_no_more(self, session, kind):
        own, replay = seat(session), factories.article()
        with time_machine.travel(START + DAY, tick=False):
            message = tell(own, kind, replay=replay, subject="Mot", text="Merci !")
        for text in both(message):
            assert VIDEO not in text
            assert "réservée" not in text
            assert "annuler" not in text

    @pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.PRESENT, Kind.ABSENT, Kind.MESSAGE])
    def test_one_may_ask_for_no_more(self, session, kind):
        own, replay = seat(session), factories.article()
        message = tell(own, kind, replay=replay, subject="Mot", text="Un mot.")
        path = f"/compte/inscription/{own.token}/messages/"
        headers = message.message()
        assert path in headers["List-Unsubscribe"]
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert all(path in text for text in both(message))
        own.muted = True
        emails.send([own], kind, replay=replay, subject="Mot", text="Un mot.")
        assert len(mail.outbox) == 1

    def test_what_one_must_know_comes_even_so(self, session):
        tell(seat(session, muted=True), Kind.SESSION_CANCELLED)
        assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


class TestSeries:
    def test_one_email_names_each_session(self, session):
        other = factories.session(session.page, starts_at=START + DAY, ends_at=START + 2 * DAY)
        rows = [seat(session), seat(other, state=State.WAITING)]
        message = tell(rows, Kind.CONFIRMED)
        assert message.subject == "Vous êtes inscrit·e : Fixer un prix et 1 autre séance"
        assert all(all(row.token in text for row in rows) for text in both(message))
        assert len(calendars(message)) == 1, "the one with a seat"


class TestSafely:
    def test_a_forged_name_or_title_makes_no_header(self, session):
        session.label = "A\r\nBcc: x@y.z"
        own = seat(session, name="Ana\r\nBcc: x@y.z <b>")
        content = tell(own, Kind.CONFIRMED).message().as_bytes()
        read = message_from_bytes(content, policy=policy.SMTP)
        assert read["Bcc"] is None
        assert read["Subject"].strip() == "Vous êtes inscrit·e : Fixer un prix : A Bcc: x@y.z"

    def test_what_people_wrote_is_no_html(self, session):
        own = seat(session, name="<b>Ana</b>")
        message = tell(own, Kind.MESSAGE, subject="Mot", text="<script>1</script>")
        html = message.alternatives[0][0]
        assert "&lt;b&gt;Ana" in html
        assert "<script" not in html
        assert "<script>1</script>" in message.body

    def test_nobody_else_is_in_it(self, session):
        factories.registration(session, email="bo@example.org", name="Bo Martin")
        message = tell(seat(session), Kind.CONFIRMED)
        written = message.message().as_string() + "".join(both(message))
        assert "bo@" not in written
        assert "Martin" not in written

    def test_the_stored_mail_is_whole(self, session, settings):
        settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
        emails.send([seat(session)], Kind.REMINDER)
        message = as_message(OutgoingMail.objects.get())
        (calendar,) = calendars(message)
        assert calendar.walk("VEVENT")[0].start == START
        assert message.message()["List-Unsubscribe-Post"]
        assert message.message()["Reply-To"] == "lea@example.org"


class TestConfirmationKey:
    def test_names_its_registrations(self, session):
        own = seat(session, state=State.PENDING)
        assert emails.read_confirmation_key(emails.confirmation_key([own])) == [own]

    def test_ends_after_a_day(self, session):
        key = emails.confirmation_key([seat(session)])
        with time_machine.travel(timezone.now() + DAY + DAY / 1000):
            assert emails.read_confirmation_key(key) is None

    def test_serves_nothing_else(self, session):
        from commons.contributions.emails import read_confirmation_key

        assert read_confirmation_key(emails.confirmation_key([seat(session)])) is None

    def test_holds_no_address_and_ends_with_it(self, session):
        own = seat(session)
        key = emails.confirmation_key([own])
        assert "ana" not in key
        own.email = "bo@example.org"
        own.save()
        assert emails.read_confirmation_key(key) is None

    @pytest.mark.parametrize("change", [lambda k: k[:-1], lambda k: "x" + k, lambda k: ""])
    def test_forged(self, session, change):
        key = emails.confirmation_key([seat(session)])
        assert emails.read_confirmation_key(change(key)) is None


def test_member_who_changed_address_is_written_to_at_the_new_one():
    member = factories.member("ancienne@example.org", display_name="Léa")
    session = factories.session()
    found = registration.register(session, member=member)
    member.email = "nouvelle@example.org"
    member.save()
    found.refresh_from_db()
    mail.outbox.clear()
    emails.send([found], emails.Kind.ALREADY)
    (message,) = mail.outbox
    assert message.to == ["nouvelle@example.org"]
    assert "ancienne" not in message.attachments[0].content.replace("\r\n ", "")
