"""A session that comes back is listed at the right times, whatever the clocks and the months do."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from commons.agenda.availability import next_time
from commons.agenda.models import Repeat, Session
from commons.agenda.recurrence import rule_of, starts, sync_occurrences, times
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PARIS = ZoneInfo("Europe/Paris")


def at(year, month, day, hour=9) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, tzinfo=PARIS)


def local(session, until) -> list[str]:
    return [f"{start.astimezone(PARIS):%Y-%m-%d %H:%M}" for start in starts(session, until=until)]


def test_nine_stays_nine_across_both_clock_changes():
    weekly = factories.session(starts_at=at(2026, 10, 22), repeat=Repeat.WEEKLY)
    assert local(weekly, at(2026, 10, 30))[-1] == "2026-10-29 09:00"
    spring = factories.session(starts_at=at(2027, 3, 25), repeat=Repeat.WEEKLY)
    assert local(spring, at(2027, 4, 2)) == ["2027-03-25 09:00", "2027-04-01 09:00"]


def test_third_saturday_of_each_month():
    monthly = factories.session(starts_at=at(2026, 1, 17), repeat=Repeat.MONTHLY_DAY)
    assert rule_of(monthly) == {"freq": "monthly", "byday": "3SA"}
    assert local(monthly, at(2026, 4, 1)) == [
        "2026-01-17 09:00",
        "2026-02-21 09:00",
        "2026-03-21 09:00",
    ]


def test_fifth_friday_is_the_last_one():
    monthly = factories.session(starts_at=at(2026, 1, 30), repeat=Repeat.MONTHLY_DAY)
    assert [day[:10] for day in local(monthly, at(2026, 3, 30))] == [
        "2026-01-30",
        "2026-02-27",
        "2026-03-27",
    ]


def test_thirty_first_is_the_last_day_of_a_shorter_month():
    monthly = factories.session(starts_at=at(2026, 1, 31), repeat=Repeat.MONTHLY_DATE)
    assert [day[:10] for day in local(monthly, at(2026, 4, 30, 23))] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


def test_last_day_is_included_and_skipped_days_are_not():
    weekly = factories.session(
        starts_at=at(2026, 5, 1),
        repeat=Repeat.FORTNIGHTLY,
        repeat_until=datetime.date(2026, 5, 29),
        skipped=["2026-05-15"],
    )
    assert [day[:10] for day in local(weekly, at(2027, 1, 1))] == ["2026-05-01", "2026-05-29"]


def test_listing_twice_changes_nothing_and_a_new_hour_moves_every_row():
    weekly = factories.session(starts_at=at(2026, 5, 1), repeat=Repeat.WEEKLY)
    now = at(2026, 5, 1)
    sync_occurrences(weekly, now=now)
    count = weekly.occurrences.count()
    assert count == 58
    assert sync_occurrences(weekly, now=now) == 0
    weekly.starts_at, weekly.ends_at = at(2026, 5, 1, 10), at(2026, 5, 1, 12)
    weekly.save()
    assert sync_occurrences(weekly, now=now) == 2 * count
    assert weekly.occurrences.count() == count


@pytest.mark.parametrize("repeat", [r for r in Repeat if r != Repeat.NEVER])
@pytest.mark.parametrize("first", [at(1999, 1, 1), at(1999, 1, 31), at(1999, 3, 28, 2)])
def test_of_what_began_long_ago_the_same_times_are_found_from_a_day_on(repeat, first):
    session = Session(starts_at=first, ends_at=first, repeat=repeat)
    everything = starts(session, until=at(2027, 6, 1))
    for since in (at(1998, 1, 1), first, at(2003, 5, 31), at(2026, 10, 25, 3), at(2027, 1, 1)):
        found = starts(session, since=since, until=at(2027, 6, 1))
        assert found == [time for time in everything if time >= since]


def test_what_has_come_back_every_week_for_twenty_years_is_still_listed():
    weekly = factories.session(starts_at=at(2006, 5, 5), repeat=Repeat.WEEKLY)
    now = at(2026, 5, 1)
    sync_occurrences(weekly, now=now)
    rows = list(weekly.occurrences.values_list("starts_at", flat=True))
    assert (at(2026, 5, 1) in rows, at(2027, 5, 28) in rows, at(2026, 1, 2) in rows) == (True,) * 3
    assert len(rows) < 120
    assert next_time(weekly, at(2026, 5, 2))[0] == at(2026, 5, 8)
    read = times(weekly, since=at(2026, 5, 2), until=at(2027, 5, 1))
    assert next(read) == at(2026, 5, 8)


def test_what_stopped_long_ago_keeps_its_last_times():
    weekly = factories.session(
        starts_at=at(2006, 5, 5), repeat=Repeat.WEEKLY, repeat_until=datetime.date(2012, 6, 1)
    )
    sync_occurrences(weekly, now=at(2026, 5, 1))
    assert weekly.occurrences.last().starts_at == at(2012, 6, 1)
    assert next_time(weekly, at(2026, 5, 1))[0] == at(2012, 6, 1)
