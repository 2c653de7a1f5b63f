"""The waiting list: who is next, and the moments at which a free seat is theirs."""

import datetime
import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from commons.agenda import emails
from commons.agenda.availability import can_promote, lock_session, positions_of, seats_of
from commons.agenda.models import Registration, Session, State, Status
from commons.agenda.permissions import check_organiser
from commons.agenda.transitions import move
from commons.members.models import Member
from commons.refused import Refused

logger = logging.getLogger(__name__)

HOLD = datetime.timedelta(hours=24)  # how long an unconfirmed person has to answer
MOST_SEATS = 100_000


def promote_next(session: Session) -> Registration | None:
    """Give a free seat to the head of the list and tell them; None when there is no such thing."""
    promoted = _promote(session, most=1)
    return promoted[0] if promoted else None


def promote_all_free(session: Session) -> list[Registration]:
    """Give every free seat to the list, its head first."""
    return _promote(session, most=None)


@transaction.atomic
def _promote(session: Session, *, most: int | None) -> list[Registration]:
    session = lock_session(session)
    now = timezone.now()
    seats = seats_of([session], now=now)[session.pk]
    if not seats.waiting or seats.free == 0 or not can_promote(session, now):
        return []
    free = [number for number in (seats.free, most) if number is not None]
    heads = session.registrations.waiting().select_related("member")[: min(free) if free else None]
    promoted = [move(head, State.CONFIRMED) for head in heads]
    for registration in promoted:
        emails.send([registration], emails.Kind.PROMOTED)
    return promoted


@transaction.atomic
def set_capacity(session: Session, capacity: int | None, *, by: Member | None) -> Session:
    """Change the number of seats; None is no limit. More promotes, fewer sends nobody away."""
    session = lock_session(session)
    check_organiser(by, session.page)
    if capacity is not None and not 1 <= capacity <= MOST_SEATS:
        raise Refused(_("Donnez un nombre de places, 1 au moins ; rien pour ne pas limiter."))
    before = session.capacity
    if before != capacity:
        session.capacity = capacity
        session.save(update_fields=["capacity", "updated_at"])
        data = {"session": session.pk, "before": before, "after": capacity}
        log(instance=session.page, action="agenda.capacity", user=by, data=data)
    promote_all_free(session)
    return session


def position(registration: Registration) -> int | None:
    """The place on the list, from 1; None for who does not wait."""
    return positions_of([registration]).get(registration.pk)


def positions(session: Session) -> dict[int, int]:
    """The place of everybody who waits, by the number of the registration."""
    waiting = session.registrations.waiting().values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(waiting, 1)}


def release_due() -> dict[str, int]:
    """End the holds that nobody confirmed in time, then give away every seat that is free.

    Also those that were freed by nobody's rule. Each session in a transaction of its own.
    """
    done = {"expired": 0, "promoted": 0}
    for session in _with_something_due():
        with transaction.atomic():
            done["expired"] += _expire(session)
            done["promoted"] += len(promote_all_free(session))
    return done


def _with_something_due() -> list[Session]:
    now = timezone.now()
    late = Session.objects.filter(pk__in=_unconfirmed(now).values("session"))
    waited = Session.objects.filter(
        status=Status.PLANNED,
        starts_at__gt=now,
        pk__in=Registration.objects.filter(state=State.WAITING).values("session"),
    )
    waited = list(waited.select_related("page"))
    seats = seats_of(waited, now=now)
    free = [s for s in waited if seats[s.pk].free != 0 and can_promote(s, now)]
    return sorted({*late, *free}, key=lambda session: session.pk)


def _expire(session: Session) -> int:
    session = lock_session(session)
    late = _unconfirmed(timezone.now()).filter(session=session)
    return len([move(registration, State.EXPIRED) for registration in late])


def _unconfirmed(now: datetime.datetime):
    """Those who did not answer in time: no seat is held any more, or none ever was."""
    held = Q(held_until__lte=now)
    not_held = Q(held_until=None, updated_at__lte=now - HOLD)
    return Registration.objects.filter(held | not_held, state=State.PENDING)
