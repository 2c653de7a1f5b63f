"""When a session takes place: its rule in the words of RFC 5545, and each of its times as a row."""

import datetime
from collections.abc import Iterator

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.db import transaction
from django.utils import timezone

from commons.agenda.models import Occurrence, Repeat, Session
from commons.agenda.nights import last_day
from commons.agenda.time_zones import on_clock
from commons.agenda.validation import YEARS, is_possible
from commons.pages.cache_version import invalidate

AHEAD = datetime.timedelta(days=400)  # how far lists know a session that comes back
BEHIND = datetime.timedelta(days=400)  # and for how long they remember it
MOST = 600  # more times than lists know of one session
DAY = datetime.timedelta(days=1)
ROW = ("starts_at", "ends_at", "first_day", "last_day")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule_of(session: Session) -> dict | None:
    """The RRULE of a session that comes back, as `icalendar` takes it; None for one time."""
    start = session.local_start
    # The fifth Friday is the last one: a month has one always.
    week = -1 if start.day > 28 else (start.day - 1) // 7 + 1
    rules = {
        Repeat.WEEKLY: {"freq": "weekly"},
        Repeat.FORTNIGHTLY: {"freq": "weekly", "interval": 2},
        Repeat.MONTHLY_DAY: {"freq": "monthly", "byday": f"{week}{DAYS[start.weekday()]}"},
        # A month without that day has its last day instead.
        Repeat.MONTHLY_DATE: {"freq": "monthly"} | _month_days(start.day),
    }
    rule = rules.get(session.repeat)
    if rule is None or session.repeat_until is None:
        return rule
    last = _last_moment(session)
    return {**rule, "until": last.astimezone(datetime.UTC).replace(microsecond=0)}


def _month_days(day: int) -> dict:
    """The day itself; from the 29th on, the last one that a month has of those up to it."""
    if day == 31:
        return {"bymonthday": -1}  # read by every calendar, which lists of days are not
    if day > 28:
        return {"bymonthday": list(range(28, day + 1)), "bysetpos": -1}
    return {"bymonthday": day}


def starts(
    session: Session, *, until: datetime.datetime, since: datetime.datetime | None = None
) -> list[datetime.datetime]:
    """Each start from `since` to `until`; the only one of a session that does not come back."""
    return list(times(session, until=until, since=since))


def times(
    session: Session, *, until: datetime.datetime, since: datetime.datetime | None = None
) -> Iterator[datetime.datetime]:
    """`starts` one by one, on the clock of the place: nine stays nine when clocks change.

    What is before `since` costs nothing, however long ago the session began.
    """
    rule = rule_of(session)
    if rule is None:
        yield session.starts_at
        return
    first = session.local_start.replace(tzinfo=None)
    last = until.astimezone(session.zone).replace(tzinfo=None)
    if session.repeat_until:
        last = min(last, datetime.datetime.combine(session.repeat_until, datetime.time.max))
    options = {}
    if "byday" in rule:
        day, week = rule["byday"][-2:], int(rule["byday"][:-2])
        options["byweekday"] = weekday(DAYS.index(day), week)
    if "bymonthday" in rule:
        options["bymonthday"] = rule["bymonthday"]
    if "bysetpos" in rule:
        options["bysetpos"] = rule["bysetpos"]
    frequency = WEEKLY if rule["freq"] == "weekly" else MONTHLY
    interval = rule.get("interval", 1)
    begin = first
    if since is not None:
        begin = _shortly_before(since.astimezone(session.zone), first, frequency, interval)
    skipped = set(session.skipped)
    for at in rrule(frequency, dtstart=begin, interval=interval, until=last, **options):
        if at.date().isoformat() in skipped:
            continue
        start = at.replace(tzinfo=session.zone).astimezone(datetime.UTC)
        if since is None or start >= since:
            yield start


def _shortly_before(since, first: datetime.datetime, frequency: int, interval: int):
    """A time from which the rule counts as from `first`, a few times before `since` at most."""
    near = since.replace(tzinfo=None) - DAY
    if near <= first:
        return first
    if frequency == WEEKLY:
        length = 7 * interval * DAY
        return first + (near - first) // length * length
    # Monthly rules say which day: from the first of that month they find it.
    begin = datetime.datetime.combine(near.replace(day=1), first.time())
    return max(begin, first)


def listed_since(session: Session, now: datetime.datetime) -> datetime.datetime:
    """Since when lists remember it: always its last times, were they long ago."""
    return (min(_last_moment(session), now) if session.repeat_until else now) - BEHIND


def _last_moment(session: Session) -> datetime.datetime:
    """The end of its last day, on the clock of the place."""
    day = min(session.repeat_until, datetime.date(YEARS[-1], 12, 31))
    day = max(day, datetime.date(YEARS[0], 1, 1) + BEHIND)
    return datetime.datetime.combine(day, datetime.time.max, session.zone)


@transaction.atomic
def sync_occurrences(session: Session, *, now: datetime.datetime | None = None) -> int:
    """Make the rows of `session` what its rule says; how many changed. Twice changes nothing."""
    Session.objects.select_for_update().get(pk=session.pk)
    length = session.ends_at - session.starts_at
    now = now or timezone.now()
    planned = starts(session, since=listed_since(session, now), until=now + AHEAD)
    wanted = {at: _row(session, at, at + length) for at in planned if is_possible(session)}
    stored = {row[0]: row for row in session.occurrences.values_list(*ROW)}
    outdated = [at for at, row in stored.items() if wanted.get(at) != row]
    session.occurrences.filter(starts_at__in=outdated).delete()
    new = [
        Occurrence(session=session, **dict(zip(ROW, row, strict=True)))
        for at, row in wanted.items()
        if stored.get(at) != row
    ]
    Occurrence.objects.bulk_create(new)
    if new or outdated:
        invalidate()  # `bulk_create` sends no signal
    return len(new) + len(outdated)


def _row(session: Session, start: datetime.datetime, end: datetime.datetime) -> tuple:
    """What is stored of one of its times, in the order of `ROW`."""
    here, there = on_clock(start, session.zone), on_clock(end, session.zone)
    return start, end, here.date(), last_day(here, there)


def extend_occurrences() -> int:
    """List what comes back as far as lists should know; how many rows were added."""
    repeated = Session.objects.exclude(repeat=Repeat.NEVER)
    return sum(sync_occurrences(session) for session in repeated)
