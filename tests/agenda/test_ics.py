"""Calendars that other programs read: titles, clocks, rules, states; and what stays private."""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from commons.agenda import ics
from commons.agenda.models import Repeat, SignUp, State, Status
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PARIS = ZoneInfo("Europe/Paris")
TITLE = "Prix, « coûts » ; partage \\ d’été 🥕"
VIDEO = "https://visio.example.org/secret"


def read(content: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(content)


def public(*sessions, **options) -> icalendar.Calendar:
    return read(ics.calendar(sessions, name="Agenda", **options))


def only(calendar) -> icalendar.Event:
    (event,) = calendar.walk("VEVENT")
    return event


def paris(*parts) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=PARIS)


def session_at(start, *, hours=2, page=None, **fields):
    end = start + datetime.timedelta(hours=hours)
    return factories.session(
        page or factories.event(title=TITLE), starts_at=start, ends_at=end, **fields
    )


def seat(session, **fields):
    return factories.registration(session, email="ana@example.org", **fields)


class TestPublic:
    def test_says_what_when_where(self, settings):
        settings.SITE_URL = "https://commun.example.org"
        session = session_at(
            paris(2027, 3, 12, 17),
            place="Ferme, du Pré",
            commune="Uzès",
            latitude=44.01,
            longitude=4.42,
        )
        event = only(public(session))
        assert str(event["summary"]) == TITLE
        assert (event.start, event.end) == (paris(2027, 3, 12, 17), paris(2027, 3, 12, 19))
        assert event["dtstart"].params["TZID"] == "Europe/Paris"
        assert str(event["location"]) == "Ferme, du Pré, Uzès"
        assert (event["geo"].latitude, event["geo"].longitude) == (44.01, 4.42)
        assert str(event["uid"]) == f"session-{session.pk}@commun.example.org"
        assert str(event["url"]).startswith("https://commun.example.org/fr/")
        assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)

    def test_line_breaks_in_a_name_start_no_line(self):
        session = session_at(paris(2027, 3, 12, 17), label="A\r\nATTENDEE:mailto:x@y.z\nB")
        content = ics.calendar([session], name="N\r\nX-EVIL:1")
        assert b"\nATTENDEE" not in content
        assert b"\nX-EVIL" not in content
        event = only(read(content))
        assert str(event["summary"]) == f"{TITLE} : A ATTENDEE:mailto:x@y.z B"

    def test_lines_are_short_and_end_as_the_format_says(self):
        session = session_at(paris(2027, 3, 12, 17), label="🥕" * 100)
        lines = ics.calendar([session], name="Agenda").split(b"\r\n")
        assert max(len(line) for line in lines) <= 75
        assert not any(b"\n" in line for line in lines)

    def test_the_way_in_and_the_contact_are_not_there(self):
        session = session_at(
            paris(2027, 3, 12, 17),
            format="online",
            video_url=VIDEO,
            contact_name="Léa Dupré",
            contact_email="lea@example.org",
        )
        seat(session)
        content = ics.calendar([session], name="Agenda").decode()
        unfolded = content.replace("\r\n ", "")
        for private in ("visio", "lea@", "ana@", "Dupré", "ATTENDEE", "ORGANIZER"):
            assert private not in unfolded

    @pytest.mark.parametrize(
        ("status", "word", "prefix"),
        [
            (Status.CANCELLED, "CANCELLED", "Annulation : "),
            (Status.POSTPONED, "TENTATIVE", "Report : "),
        ],
    )
    def test_what_is_called_off_is_said(self, status, word, prefix):
        session = session_at(paris(2027, 3, 12, 17), status=status, status_note="Gel", sequence=3)
        event = only(public(session))
        assert (event["status"], event["sequence"]) == (word, 3)
        assert str(event["summary"]) == prefix + TITLE
        assert "Gel" in str(event["description"])

    def test_speaks_english(self):
        session = session_at(paris(2027, 3, 12, 17), status=Status.CANCELLED)
        assert str(only(public(session, language="en"))["summary"]).startswith("Cancelled: ")

    def test_the_clock_of_each_place_is_described_once(self):
        here, there = (
            paris(2027, 3, 12, 17),
            datetime.datetime(2027, 3, 12, 9, tzinfo=ZoneInfo("Indian/Reunion")),
        )
        page = factories.event()
        sessions = [session_at(here, page=page), session_at(here, page=page)]
        sessions.append(session_at(there, page=page, time_zone="Indian/Reunion"))
        sessions.append(session_at(here, page=page, time_zone="UTC"))
        calendar = public(*sessions)
        zones = [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")]
        assert sorted(zones) == ["Europe/Paris", "Indian/Reunion"]
        assert [e.start for e in calendar.walk("VEVENT")] == [here, here, there, here]

    def test_an_empty_one_is_one(self):
        assert public().walk("VEVENT") == []

    def test_many_cost_no_query_each(self, django_assert_num_queries):
        page = factories.event()
        sessions = [session_at(paris(2027, 3, day, 17), page=page) for day in range(1, 21)]
        ics.calendar(sessions[:1], name="Agenda")  # reads where the site stands
        with django_assert_num_queries(0):
            ics.calendar(sessions, name="Agenda")

    def test_the_same_twice(self):
        session = session_at(paris(2027, 3, 12, 17))
        assert ics.calendar([session], name="A") == ics.calendar([session], name="A")


class TestRepeated:
    def times(self, session, start, end):
        found = recurring_ical_events.of(public(session)).between(start, end)
        return sorted(event.start for event in found)

    def test_across_both_clock_changes_the_hour_stays(self):
        session = session_at(paris(2026, 10, 13, 18), repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
        found = self.times(session, paris(2026, 10, 1), paris(2027, 4, 10))
        assert len(found) == 26
        assert {moment.astimezone(PARIS).hour for moment in found} == {18}
        hours = {moment.astimezone(datetime.UTC).hour for moment in found}
        assert hours == {16, 17}, "summer and winter"
        assert found == [o.starts_at for o in session.occurrences.all() if o.starts_at <= found[-1]]

    @pytest.mark.parametrize("repeat", [r for r in Repeat if r != Repeat.NEVER])
    @pytest.mark.parametrize("day", [1, 15, 29, 31])
    def test_says_the_same_dates_as_the_lists(self, repeat, day):
        start = paris(2027, 1, day, 9)
        session = session_at(start, repeat=repeat, sign_up=SignUp.NONE)
        session.repeat_until = datetime.date(2027, 11, 15)
        session.skipped = ["2027-03-31", "2027-04-09"]
        session.save()
        factories.sync_occurrences(session, now=start)
        listed = [o.starts_at for o in session.occurrences.all()]
        found = self.times(session, start, paris(2027, 12, 31))
        assert found == listed

    def test_an_exception_is_at_the_hour_of_its_day(self):
        session = session_at(paris(2027, 3, 2, 18), repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
        session.skipped = ["2027-03-09", "2027-03-30"]  # one in winter, one in summer
        session.save()
        found = self.times(session, paris(2027, 3, 1), paris(2027, 4, 7))
        assert [moment.day for moment in found] == [2, 16, 23, 6]


class TestOwn:
    def test_has_the_way_in(self):
        session = session_at(
            paris(2027, 3, 12, 17), video_url=VIDEO, contact_email="lea@example.org", sequence=2
        )
        own = seat(session, name='Ana "la fermière"; x, y', sequence=3)
        calendar = read(ics.entry(own))
        event = only(calendar)
        assert calendar["method"] == "REQUEST"
        assert event["sequence"] == 5
        assert VIDEO in str(event["description"])
        assert "lea@example.org" in str(event["description"])
        assert f"/compte/inscription/{own.token}/" in str(event["description"])
        assert str(event["conference"]) == VIDEO
        assert str(event["attendee"]) == "mailto:ana@example.org"
        assert event["attendee"].params["CN"] == 'Ana "la fermière"; x, y'
        assert str(event["organizer"]).startswith("mailto:")

    def test_is_the_same_event_as_the_public_one(self):
        session = session_at(paris(2027, 3, 12, 17))
        own = only(read(ics.entry(seat(session))))
        assert own["uid"] == only(public(session))["uid"]

    @pytest.mark.parametrize("state", [s for s in State if s != State.CONFIRMED])
    def test_without_a_seat_there_is_no_way_in(self, state):
        session = session_at(paris(2027, 3, 12, 17), video_url=VIDEO)
        content = ics.entry(seat(session, state=state)).decode().replace("\r\n ", "")
        assert "visio" not in content

    def test_cancel_takes_it_away(self):
        session = session_at(paris(2027, 3, 12, 17), video_url=VIDEO)
        calendar = read(ics.entry(seat(session), method="CANCEL"))
        event = only(calendar)
        assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")
        assert "visio" not in str(event["description"])

    def test_a_downloaded_one_invites_nobody(self):
        event = only(read(ics.entry(seat(session_at(paris(2027, 3, 12, 17))), method="PUBLISH")))
        assert not event.has_key("attendee")

    def test_tells_of_nobody_else(self):
        session = session_at(paris(2027, 3, 12, 17))
        factories.registration(session, email="bo@example.org", name="Bo Martin")
        content = ics.entry(seat(session)).decode().replace("\r\n ", "")
        assert "bo@" not in content
        assert "Martin" not in content
