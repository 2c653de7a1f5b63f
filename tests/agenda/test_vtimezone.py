"""Clocks that Outlook, Apple, Google and Thunderbird read: one rule for winter, one for summer."""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import time_machine

from commons.agenda import ics
from commons.agenda.models import Repeat, SignUp
from commons.agenda.time_zones import Zone
from commons.agenda.vtimezone import clock_of, vtimezone
from tests import factories

JANUARY = datetime.date(2027, 1, 1)
ELSEWHERE = ["America/Toronto", "America/Guadeloupe", "Europe/Dublin", "Australia/Sydney"]
RULES = {
    "Europe/Paris": ("-1SU", 10, "19701025T030000", "-1SU", 3, "19700329T020000"),
    "Europe/Zurich": ("-1SU", 10, "19701025T030000", "-1SU", 3, "19700329T020000"),
    "America/Miquelon": ("1SU", 11, "19701101T020000", "2SU", 3, "19700308T020000"),
    "Australia/Sydney": ("1SU", 4, "19700405T030000", "1SU", 10, "19701004T020000"),
    # Its law calls summer time standard: readers want the smaller offset to be so called.
    "Europe/Dublin": ("-1SU", 10, "19701025T020000", "-1SU", 3, "19700329T010000"),
}


def parts(zone: icalendar.Timezone) -> list[str]:
    return sorted(part.name for part in zone.subcomponents)


def unknown_to_the_reader(content: bytes, zone: str) -> bytes:
    """The same under a name that no database knows: the reader has only what is written.

    One name a zone, since `icalendar` remembers clocks by their names.
    """
    return content.replace(zone.encode(), b"X-" + zone.encode())


@pytest.mark.parametrize("name", RULES)
def test_clock_that_changes_has_one_winter_and_one_summer_by_rule(name):
    zone = icalendar.Timezone.from_ical(vtimezone(name, first=JANUARY).to_ical())
    assert parts(zone) == ["DAYLIGHT", "STANDARD"]
    assert "RDATE" not in zone.to_ical().decode()
    found = []
    for part in (*zone.standard, *zone.daylight):
        rule = part["rrule"]
        assert rule["freq"] == ["YEARLY"]
        found += [*rule["byday"], *rule["bymonth"]]
        found.append(part["dtstart"].to_ical().decode())
    assert tuple(found) == RULES[name]


@pytest.mark.parametrize("name", ["America/Martinique", "Pacific/Tahiti", "Africa/Algiers"])
def test_clock_that_never_changes_has_one_part_without_a_rule(name):
    zone = vtimezone(name, first=JANUARY)
    (part,) = zone.subcomponents
    assert part.name == "STANDARD"
    assert part.TZOFFSETFROM == part.TZOFFSETTO == clock_of(name).offset
    assert "RRULE" not in part


@pytest.mark.parametrize("name", [*Zone.values, *ELSEWHERE])
def test_is_the_clock_of_the_database(name):
    made = icalendar.Calendar()
    made.add_component(vtimezone(name, first=JANUARY))
    (zone,) = icalendar.Calendar.from_ical(unknown_to_the_reader(made.to_ical(), name)).timezones
    read, known = zone.to_tz(lookup_tzid=False), ZoneInfo(name)
    for days in range(0, 365 * 4, 3):
        at = datetime.datetime(2026, 1, 1, 12) + datetime.timedelta(days=days)
        assert at.replace(tzinfo=read).utcoffset() == at.replace(tzinfo=known).utcoffset(), at


@pytest.mark.parametrize("name", ["Africa/Casablanca", "Africa/Cairo", "America/Nuuk"])
def test_clock_without_a_weekday_rule_is_told_change_by_change(name):
    zone = vtimezone(name, first=JANUARY)
    made = zone.to_ical()
    (zone,) = icalendar.Timezone.from_ical(unknown_to_the_reader(made, name), multiple=True)
    read, known = zone.to_tz(lookup_tzid=False), ZoneInfo(name)
    for days in range(0, 365 * 4, 3):
        at = datetime.datetime(2027, 1, 2, 12) + datetime.timedelta(days=days)
        assert at.replace(tzinfo=read).utcoffset() == at.replace(tzinfo=known).utcoffset(), at


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
class TestOfSessions:
    def session(self, name, **fields):
        start = datetime.datetime(2027, 10, 5, 18, tzinfo=ZoneInfo(name))
        end = start + datetime.timedelta(hours=2)
        dates = {"starts_at": start, "ends_at": end, "time_zone": name}
        return factories.session(factories.event(), **dates, **fields)

    @pytest.mark.parametrize("name", Zone.values)
    def test_weekly_market_keeps_its_hour_across_october_in_every_zone(self, name):
        market = self.session(name, repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
        factories.sync_occurrences(market, now=market.starts_at)
        content = ics.calendar([market], name="Agenda")
        if name != Zone.UTC:
            content = unknown_to_the_reader(content, name)
        (zone,) = icalendar.Calendar.from_ical(content).timezones or [None]
        assert zone is None or len(zone.standard) == 1 >= len(zone.daylight)
        found = recurring_ical_events.of(icalendar.Calendar.from_ical(content))
        found = found.between(datetime.date(2027, 10, 1), datetime.date(2028, 5, 1))
        starts = sorted(event.start for event in found)
        assert {start.hour for start in starts} == {18}
        assert len(starts) == 30
        assert starts == [o.starts_at for o in market.occurrences.all()][:30]

    def test_single_time_of_a_clock_without_rule_is_told_in_utc(self):
        session = self.session("Africa/Casablanca")
        content = ics.calendar([session], name="Agenda").decode()
        assert f"DTSTART:{session.starts_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}" in content
        assert "VTIMEZONE" not in content

    def test_invitation_of_a_mail_and_feed_tell_the_same_clock(self):
        session = self.session("Europe/Zurich")
        own = ics.entry(factories.registration(session)).decode()
        public = ics.calendar([session], name="Agenda").decode()
        clock = own[own.index("BEGIN:VTIMEZONE") : own.index("BEGIN:VEVENT")]
        assert clock in public
        assert public.index(clock) < public.index("BEGIN:VEVENT"), "before what names it"

    @pytest.mark.parametrize("day", [29, 30, 31])
    @time_machine.travel("2027-01-02", tick=False)
    def test_end_of_the_month_is_written_as_outlook_reads_it(self, day):
        start = datetime.datetime(2027, 1, day, 9, tzinfo=ZoneInfo("Europe/Paris"))
        session = factories.session(
            factories.event(), starts_at=start, repeat=Repeat.MONTHLY_DATE, sign_up=SignUp.NONE
        )
        session.skipped = ["2027-03-31", "2027-04-29"]
        session.save()
        factories.sync_occurrences(session)
        content = ics.calendar([session], name="Agenda")
        # Its rules know one day of the month, and positions only among days of the week.
        assert b"BYSETPOS" not in content
        assert b"BYMONTHDAY=2" not in content
        calendar = icalendar.Calendar.from_ical(content)
        assert len({event["uid"] for event in calendar.events}) == len(calendar.events)
        found = recurring_ical_events.of(calendar).between(start, datetime.date(2028, 2, 1))
        assert sorted(event.start for event in found) == [
            o.starts_at for o in session.occurrences.all()
        ]
