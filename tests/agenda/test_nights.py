"""A night belongs to its evening: how it is typed, stored, told, and found."""

import datetime
from datetime import datetime as at
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from django.urls import reverse

from commons.agenda import date_formats, ics
from commons.agenda.email_items import when
from commons.agenda.models import Session, SignUp
from commons.agenda.nights import is_night, last_day
from commons.agenda.session_fields import RepeatedSessionFields
from tests import factories
from tests.agenda.session_form_data import typed
from tests.agenda.sign_up_pages import said, words
from tests.agenda.test_session_fields import DAY, form, stored

NEXT = DAY + datetime.timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")


def time(text: str) -> datetime.datetime:
    """« 16 21:00 » of January 2027."""
    return at.strptime(f"2027-01-{text}", "%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "end", "last"),
    [
        ("16 21:00", "17 01:00", 16),
        ("16 20:00", "17 00:00", 16),
        ("16 20:00", "17 08:00", 16),
        ("16 10:00", "17 01:00", 16),
        ("16 10:00", "17 16:00", 17),
        ("16 14:00", "17 12:00", 17),
        ("16 21:00", "18 01:00", 18),
        ("16 09:00", "17 00:00", 16),
        ("16 00:00", "17 00:00", 16),
        ("16 09:00", "16 12:00", 16),
    ],
)
def test_last_day_is_the_last_on_which_one_looks_for_it(start, end, last):
    assert last_day(time(start), time(end)).day == last


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("16 17:00", "16 19:30", "samedi 16 janvier 2027, 17 h – 19 h 30"),
        ("16 21:00", "17 01:00", "samedi 16 janvier 2027, 21 h – 1 h (le lendemain)"),
        ("16 20:00", "17 00:00", "samedi 16 janvier 2027, 20 h – minuit"),
        ("16 14:00", "17 12:00", "samedi 16 janvier 2027, 14 h – dimanche 17 janvier 2027, 12 h"),
    ],
)
def test_is_told_in_words(start, end, text):
    assert date_formats.span(time(start), time(end)).replace("\u00a0", " ") == text


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
class TestTyped:
    @pytest.mark.parametrize("last", ["", DAY.isoformat(), NEXT.isoformat()])
    @pytest.mark.parametrize(("start", "end"), [("21:00", "01:00"), ("22 h", "0 h 30")])
    def test_an_hour_before_the_start_is_that_of_the_next_day(self, start, end, last):
        session = stored(
            factories.training(), session_start=start, session_end=end, session_end_day=last
        )
        assert (session.local_start.date(), session.local_end.date()) == (DAY, NEXT)
        (row,) = session.occurrences.all()
        assert (row.first_day, row.last_day) == (DAY, DAY)

    @pytest.mark.parametrize(
        ("start", "end"),
        [("21:00", "21:00"), ("14:00", "13:00"), ("10:00", "09:00"), ("17:00", "09:00")],
    )
    def test_what_nobody_means_is_refused_with_what_to_do(self, start, end):
        wrong = form(session_start=start, session_end=end)
        assert not wrong.is_valid()
        assert "remplissez « Dernier jour »" in wrong.errors["session_end"][0]

    def test_day_before_the_first_is_no_night(self):
        before = DAY - datetime.timedelta(days=1)
        wrong = form(session_start="21:00", session_end="01:00", session_end_day=before.isoformat())
        assert "session_end_day" in wrong.errors

    def test_it_comes_back_every_week(self):
        session = stored(
            factories.event(),
            RepeatedSessionFields,
            session_start="22:00",
            session_end="00:30",
            session_repeat="weekly",
        )
        rows = list(session.occurrences.all()[:60])
        assert {row.last_day - row.first_day for row in rows} == {datetime.timedelta(0)}
        assert {(row.first_day - DAY).days % 7 for row in rows} == {0}
        assert "22 h – 0 h 30 (le lendemain)" in when(session).replace("\u00a0", " ")
        calendar = icalendar.Calendar.from_ical(ics.calendar([session], name="Agenda"))
        found = recurring_ical_events.of(calendar).between(DAY, DAY + datetime.timedelta(days=300))
        told = sorted((event.start, event.end) for event in found)
        assert told == [(row.starts_at, row.ends_at) for row in rows][: len(told)]

    def test_organiser_types_it_the_same_way_and_reads_it_back(self, organiser, session):
        address = reverse("edit_session", args=[session.pk])
        data = typed(start="21:00", end="01:00")
        assert organiser.post(address, data).status_code == 302
        session.refresh_from_db()
        assert session.local_end.date() - session.local_start.date() == datetime.timedelta(days=1)
        again = organiser.get(address).context["form"]
        assert again["end_day"].value() is None
        assert organiser.post(address, {**data, "end": "21:00"}).status_code == 200
        assert Session.objects.get(pk=session.pk).ends_at == session.ends_at

    def test_page_says_it(self, admin_user):
        start = at(2027, 1, 16, 21, tzinfo=PARIS)
        page = factories.event(title="Bal")
        factories.session(page, starts_at=start, hours=4, sign_up=SignUp.NONE)
        assert "21 h – 1 h (le lendemain)" in words(said(page, admin_user)).replace("\u00a0", " ")


def test_a_weekend_that_comes_back_names_its_last_day():
    start, end = time("15 18:00"), time("17 17:00")
    assert not is_night(start, end)
    assert date_formats.hours(start, end).replace("\u00a0", " ") == "18 h – dimanche, 17 h"
