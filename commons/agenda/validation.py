"""Which dates a session may have: a year mistyped breaks calendars, lists and arithmetic."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.agenda.models import Repeat, Session
from commons.agenda.time_zones import on_clock

FURTHEST = datetime.timedelta(days=3 * 366)  # before or after today
LONGEST = datetime.timedelta(days=31)
REPEATED = datetime.timedelta(days=10 * 366)  # after today
# What is stored beyond, by whatever means, is in no list and no calendar.
YEARS = range(1970, 2200)

TOO_FAR = _("Cette date est trop lointaine : vérifiez l’année.")
TOO_LONG = _("Cela dure plus d’un mois : vérifiez les dates.")
ENDS_FIRST = _(
    "La fin doit venir après le début. Si cela finit un autre jour, remplissez « Dernier jour »."
)
CLOCK_CHANGES = _("Cette nuit-là, l’heure change : choisissez d’autres heures.")
STOPS_FIRST = _("Cela doit venir après la première date.")
STOPS_LATE = _("C’est dans plus de dix ans : laissez vide si cela continue.")


def is_possible(session: Session) -> bool:
    """Whether lists and calendars can tell of it."""
    return session.starts_at.year in YEARS and session.ends_at.year in YEARS


def length_problem(start: datetime.datetime, end: datetime.datetime) -> str:
    """What is wrong between two instants, in one sentence; nothing otherwise."""
    # On one clock, Python compares what the clock shows, even where it jumps.
    length = on_clock(end, datetime.UTC) - on_clock(start, datetime.UTC)
    if length > LONGEST:
        return TOO_LONG
    if length > datetime.timedelta(0):
        return ""
    return CLOCK_CHANGES if end.replace(tzinfo=None) > start.replace(tzinfo=None) else ENDS_FIRST


def stop_problem(first: datetime.date, last: datetime.date) -> str:
    """The same between the first date of what comes back and the last."""
    if last < first:
        return STOPS_FIRST
    return STOPS_LATE if last > timezone.localdate() + REPEATED else ""


def date_problems(session: Session, *, before: Session | None = None) -> dict[str, str]:
    """A sentence for each field whose new value makes no sense; what stays as it was is let be."""

    def is_new(*names):
        return before is None or any(getattr(before, n) != getattr(session, n) for n in names)

    problems = {}
    for name in ("starts_at", "sign_up_opens_at", "sign_up_closes_at"):
        at = getattr(session, name)
        if at and is_new(name) and abs(at - timezone.now()) > FURTHEST:
            problems[name] = TOO_FAR
    if is_new("starts_at", "ends_at"):
        problems["ends_at"] = length_problem(session.starts_at, session.ends_at)
    comes_back = session.repeat != Repeat.NEVER and session.repeat_until
    if comes_back and is_new("repeat", "repeat_until", "starts_at"):
        problems["repeat_until"] = stop_problem(session.local_start.date(), session.repeat_until)
    return {name: sentence for name, sentence in problems.items() if sentence}
