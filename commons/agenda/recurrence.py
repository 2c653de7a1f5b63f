"""When a session takes place: its rule in the words of RFC 5545, and each of its times as a row."""

import datetime

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.db import transaction
from django.utils import timezone

from commons.agenda.models import Occurrence, Repeat, Session
from commons.pages.generation import change

AHEAD = datetime.timedelta(days=400)  # how far lists know a session that comes back
MOST = 600  # times one session is listed
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
        Repeat.MONTHLY_DATE: {"freq": "monthly"}
        | (
            {"bymonthday": start.day}
            if start.day <= 28
            else {"bymonthday": list(range(28, start.day + 1)), "bysetpos": -1}
        ),
    }
    rule = rules.get(session.repeat)
    if rule is None or session.repeat_until is None:
        return rule
    last = datetime.datetime.combine(session.repeat_until, datetime.time.max, session.zone)
    return {**rule, "until": last.astimezone(datetime.UTC).replace(microsecond=0)}


def starts(session: Session, *, until: datetime.datetime) -> list[datetime.datetime]:
    """Each start up to `until`, on the clock of the place: nine stays nine when clocks change."""
    rule = rule_of(session)
    if rule is None:
        return [session.starts_at]
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
    times = rrule(frequency, dtstart=first, interval=rule.get("interval", 1), until=last, **options)
    skipped = set(session.skipped)
    found = [at for at in times if at.date().isoformat() not in skipped][:MOST]
    return [at.replace(tzinfo=session.zone).astimezone(datetime.UTC) for at in found]


@transaction.atomic
def list_occurrences(session: Session, *, now: datetime.datetime | None = None) -> int:
    """Make the rows of `session` what its rule says; how many changed. Twice changes nothing."""
    Session.objects.select_for_update().get(pk=session.pk)
    length = session.ends_at - session.starts_at
    wanted = {at: at + length for at in starts(session, until=(now or timezone.now()) + AHEAD)}
    known = dict(session.occurrences.values_list("starts_at", "ends_at"))
    gone = [at for at, end in known.items() if wanted.get(at) != end]
    session.occurrences.filter(starts_at__in=gone).delete()
    new = [
        Occurrence(session=session, starts_at=at, ends_at=end)
        for at, end in wanted.items()
        if known.get(at) != end
    ]
    Occurrence.objects.bulk_create(new)
    if new or gone:
        change()  # `bulk_create` sends no signal
    return len(new) + len(gone)


def look_further() -> int:
    """List what comes back as far as lists should know; how many rows were added."""
    repeated = Session.objects.exclude(repeat=Repeat.NEVER)
    return sum(list_occurrences(session) for session in repeated)
