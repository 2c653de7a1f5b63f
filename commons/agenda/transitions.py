"""Move a registration from one state to the next: the one door, behind the session's lock."""

import datetime

from django.db.models import Max
from django.utils import timezone

from commons.agenda.models import TRANSITIONS, Registration, State

_INSTANT = datetime.timedelta(microseconds=1)


def move(
    registration: Registration, state: State, *, held_until: datetime.datetime | None = None
) -> Registration:
    """Take one legal step and store the row, new or not. Who waits anew is last of the list.

    The caller holds the lock of the session.
    """
    if registration.pk and state not in TRANSITIONS[State(registration.state)]:
        raise ValueError(f"{registration.state} is never followed by {state}")
    registration.sequence += 1 if registration.pk else 0
    registration.state = state
    registration.held_until = held_until
    registration.source = registration.source if state == State.PENDING else ""
    registration.queued_at = _last_of(registration) if state == State.WAITING else None
    registration.save()
    return registration


def _last_of(registration: Registration) -> datetime.datetime:
    """Now, yet after everybody who waits, were the clocks of two machines to differ."""
    waiting = Registration.objects.filter(session=registration.session_id, state=State.WAITING)
    last = waiting.aggregate(last=Max("queued_at"))["last"]
    now = timezone.now()
    return max(now, last + _INSTANT) if last else now
