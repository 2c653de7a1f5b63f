"""The clock of a place as calendars read it (VTIMEZONE): one rule for winter, one for summer.

A list of past and future changes is as legal (RFC 5545), and Outlook does not read it.
"""

import calendar
import datetime
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from django.utils import timezone
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

FIRST = 1970  # the year from which rules are told, as other calendars do
AHEAD = 12  # years during which the clock must keep its rule to be told by it
DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
NOON = datetime.time(12)
# The last line of a TZif file (RFC 9636): « CET-1CEST,M3.5.0,M10.5.0/3 ».
FOOTER = re.compile(
    r"(?P<name>[A-Za-z]+|<[^>]+>)(?P<offset>[-+\d:]+)"
    r"(?:(?P<other>[A-Za-z]+|<[^>]+>)(?P<other_offset>[-+\d:]+)?,(?P<leave>[^,]+),(?P<back>[^,]+))?"
)
CHANGE = re.compile(r"M(?P<month>\d+)\.(?P<week>[1-5])\.(?P<day>[0-6])(?:/(?P<time>[-+\d:]+))?")


@dataclass(frozen=True)
class Change:
    """The moment of each year at which a clock takes an offset, by the clock before it."""

    name: str
    offset: datetime.timedelta
    before: datetime.timedelta
    month: int
    week: int  # 5 is the last one
    day: int  # 0 is Sunday
    time: datetime.timedelta

    def onset(self, year: int) -> datetime.datetime:
        days = calendar.Calendar(calendar.SUNDAY).itermonthdates(year, self.month)
        days = [d for d in days if d.month == self.month and d.isoweekday() % 7 == self.day]
        day = days[-1] if self.week == 5 else days[self.week - 1]
        return datetime.datetime.combine(day, datetime.time.min) + self.time

    @property
    def rule(self) -> dict:
        week = -1 if self.week == 5 else self.week
        return {"freq": "yearly", "bymonth": self.month, "byday": f"{week}{DAYS[self.day]}"}


@dataclass(frozen=True)
class Clock:
    """A clock that never changes, or changes twice a year by the same rule."""

    name: str
    offset: datetime.timedelta
    changes: tuple[Change, ...] = ()


def vtimezone(name: str, *, first: datetime.date) -> Timezone:
    """The clock `name`: by its rule, or by each change from `first` on when it has none."""
    clock = clock_of(name)
    if clock is None or not all(keeps(name, year) for year in _years_ahead()):
        last = timezone.localdate().replace(month=1, day=1, year=timezone.localdate().year + AHEAD)
        return Timezone.from_tzid(name, first_date=first, last_date=last)
    made = Timezone()
    made.add("tzid", name)
    for part in _parts(clock):
        made.add_component(part)
    return made


@lru_cache(maxsize=1000)
def keeps(name: str, year: int) -> bool:
    """Whether the clock `name` followed, or follows, its rule of today all that year."""
    clock, zone = clock_of(name), zoneinfo.ZoneInfo(name)
    if clock is None:
        return False
    onsets = sorted((c.onset(year).date(), c.offset) for c in clock.changes)
    offset = onsets[-1][1] if onsets else clock.offset
    day, dates = datetime.date(year, 1, 1), dict(onsets)
    while day.year == year:
        offset = dates.get(day, offset)
        if datetime.datetime.combine(day, NOON, zone).utcoffset() != offset:
            return False
        day += datetime.timedelta(days=1)
    return True


@lru_cache
def clock_of(name: str) -> Clock | None:
    """The clock `name` by the footer of its file; None when that is no rule for every year."""
    fields = FOOTER.fullmatch(_footer(name))
    if fields is None:
        return None
    one, offset = fields["name"].strip("<>"), -_length(fields["offset"])
    if not fields["other"]:
        return Clock(one, offset)
    hour = datetime.timedelta(hours=1)
    other_offset = -_length(fields["other_offset"]) if fields["other_offset"] else offset + hour
    leave = _change(fields["leave"], fields["other"].strip("<>"), other_offset, offset)
    back = _change(fields["back"], one, offset, other_offset)
    return Clock(one, offset, (leave, back)) if leave and back else None


def _change(text: str, name: str, offset, before) -> Change | None:
    """None when it is not on a fixed weekday of a month: no reader could be told by one rule."""
    fields = CHANGE.fullmatch(text)
    time = _length(fields["time"] or "2") if fields else None
    if time is None or not datetime.timedelta(0) <= time < datetime.timedelta(days=1):
        return None
    month, week, day = (int(fields[part]) for part in ("month", "week", "day"))
    return Change(name, offset, before, month, week, day, time)


def _length(text: str) -> datetime.timedelta:
    """« -3:30 » is three hours and a half, backwards."""
    hours, minutes, seconds = [*(int(part) for part in text.lstrip("+-").split(":")), 0, 0][:3]
    length = datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _footer(name: str) -> str:
    """The last line of the file that `zoneinfo` reads: the machine's, else that of `tzdata`."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, name)
        if path.is_file():
            return _last_line(path.read_bytes())
    return _last_line(resources.files("tzdata").joinpath("zoneinfo", name).read_bytes())


def _last_line(content: bytes) -> str:
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _years_ahead() -> range:
    year = timezone.localdate().year
    return range(year - 1, year + AHEAD)


def _parts(clock: Clock) -> Iterator[TimezoneStandard | TimezoneDaylight]:
    """Winter first. What readers call standard is the smaller offset, even where law has it so
    that the greater one is (Ireland)."""
    if not clock.changes:
        start = datetime.datetime(FIRST, 1, 1)
        yield _part(TimezoneStandard, clock.name, clock.offset, clock.offset, start)
        return
    winter, summer = sorted(clock.changes, key=lambda change: change.offset)
    for kind, change in ((TimezoneStandard, winter), (TimezoneDaylight, summer)):
        part = _part(kind, change.name, change.offset, change.before, change.onset(FIRST))
        part.add("rrule", change.rule)
        yield part


def _part(kind, name, offset, before, start):
    part = kind()
    part.add("tzname", name)
    part.TZOFFSETFROM, part.TZOFFSETTO, part.DTSTART = before, offset, start
    return part
