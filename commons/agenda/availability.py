"""How full sessions are, who waits where, at what point of its life each is; and the lock."""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.agenda.models import Registration, Repeat, Session, SignUp, State, Status
from commons.agenda.recurrence import listed_since, starts, times
from commons.agenda.validation import is_possible
from commons.refused import Refused

NEXT = datetime.timedelta(days=400)  # a session that comes back does so within a year


class Phase(models.TextChoices):
    """Where a session stands in its life, for whoever thinks of signing up."""

    ANNOUNCED = "announced", gettext_lazy("Inscriptions à venir")
    OPEN = "open", gettext_lazy("Inscriptions ouvertes")
    FULL = "full", gettext_lazy("Complet")
    CLOSED = "closed", gettext_lazy("Inscriptions closes")
    UNDER_WAY = "under_way", gettext_lazy("En cours")
    OVER = "over", gettext_lazy("Rendez-vous passé")
    REPLAY = "replay", gettext_lazy("Rediffusion")
    CANCELLED = "cancelled", gettext_lazy("Rendez-vous annulé")
    POSTPONED = "postponed", gettext_lazy("Rendez-vous reporté")
    NO_SIGN_UP = "no_sign_up", gettext_lazy("Sans inscription")
    ELSEWHERE = "elsewhere", gettext_lazy("Inscription sur un autre site")


@dataclass(frozen=True)
class Seats:
    """`capacity` and `free` are None without limit; seats held for 24 h are taken."""

    capacity: int | None
    taken: int
    waiting: int
    held: int = 0  # of those taken, for whom has not confirmed yet

    @property
    def free(self) -> int | None:
        """Never below zero: an organiser may add more people, or lower the capacity."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def shown(self) -> int | None:
        """The free seats that anybody may count, held ones among them.

        Were they not, one could sign an address up and see by the count whether it was known.
        """
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.taken + self.held)

    @property
    def for_newcomers(self) -> bool:
        """Whether who comes now gets a seat: a free one goes to the waiting list first."""
        return self.free != 0 and not self.waiting


def lock_session(session: Session | int) -> Session:
    """The session as it is now; locked until the caller's transaction ends.

    Whatever decides is read after this line. Its page is read when it is asked for: in a crowd,
    everybody waits for what is done behind the lock. Raises Refused when it is gone.
    """
    pk = session if isinstance(session, int) else session.pk
    locked = Session.objects.select_for_update().filter(pk=pk).order_by().first()
    if locked is None:
        raise Refused(_("Cette séance n’existe plus."))
    return locked


def seats_of(
    sessions: Iterable[Session], *, now: datetime.datetime | None = None
) -> dict[int, Seats]:
    """The seats of each session by its number, in one query however many there are."""
    sessions = list(sessions)
    held = Q(state=State.PENDING, held_until__gt=now or timezone.now())
    rows = (
        Registration.objects.filter(session__in=[session.pk for session in sessions])
        .order_by()
        .values("session")
        .annotate(
            taken=Count("pk", filter=Q(state=State.CONFIRMED) | held),
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            held=Count("pk", filter=held),
        )
        .values_list("session", "taken", "waiting", "held")
    )
    counts = {pk: numbers for pk, *numbers in rows}
    return {
        session.pk: Seats(session.capacity, *counts.get(session.pk, (0, 0))) for session in sessions
    }


def positions_of(registrations: Iterable[Registration]) -> dict[int, int]:
    """The place on the list of each that waits, from 1, in one query for all."""
    waiting = [row.pk for row in registrations if row.state == State.WAITING]
    if not waiting:
        return {}
    others = Registration.objects.filter(
        session=OuterRef("session"), state=State.WAITING
    ).order_by()
    before = Q(queued_at__lt=OuterRef("queued_at"))
    same_time = Q(queued_at=OuterRef("queued_at"), pk__lte=OuterRef("pk"))
    counted = others.filter(before | same_time).values("session").annotate(total=Count("pk"))
    place = Coalesce(Subquery(counted.values("total")), 1)
    rows = Registration.objects.filter(pk__in=waiting).annotate(place=place)
    return dict(rows.values_list("pk", "place"))


def phase(session: Session, seats: Seats, now: datetime.datetime | None = None) -> Phase:
    """The phase at `now`; asks the database nothing when `replay` was read with the session."""
    now = now or timezone.now()
    if session.status != Status.PLANNED:
        return Phase(session.status)
    start, end = next_time(session, now)
    if end <= now:
        return Phase.REPLAY if session.replay_id and session.replay.live else Phase.OVER
    if start <= now:
        return Phase.UNDER_WAY
    if session.sign_up != SignUp.HERE:
        return Phase.ELSEWHERE if session.sign_up == SignUp.ELSEWHERE else Phase.NO_SIGN_UP
    return _sign_up_phase(session, seats, now)


def _sign_up_phase(session: Session, seats: Seats, now: datetime.datetime) -> Phase:
    if session.sign_up_opens_at and now < session.sign_up_opens_at:
        return Phase.ANNOUNCED
    if now >= session.closes_at:
        return Phase.CLOSED
    return Phase.OPEN if seats.for_newcomers else Phase.FULL


def next_time(session: Session, now: datetime.datetime) -> tuple[datetime.datetime, ...]:
    """(start, end) of the time that is on at `now` or comes next; else of the last one."""
    length = session.ends_at - session.starts_at
    if session.repeat == Repeat.NEVER or not is_possible(session):
        return session.starts_at, session.ends_at
    ahead = times(session, since=now - length, until=now + NEXT)
    start = next((at for at in ahead if at + length > now), None)
    if start is None:
        past = starts(session, since=listed_since(session, now), until=now)
        start = past[-1] if past else session.starts_at
    return start, start + length


def has_ended(session: Session, now: datetime.datetime | None = None) -> bool:
    """Whether its last time is past; one put off is still to come, whatever its first date."""
    now = now or timezone.now()
    return session.status != Status.POSTPONED and next_time(session, now)[1] <= now


def dates_ahead(
    session: Session, *, most: int, now: datetime.datetime | None = None
) -> list[datetime.datetime]:
    """The next starts of a session that comes back, on its own clock; none of any other."""
    if session.repeat == Repeat.NEVER or not is_possible(session):
        return []
    now = now or timezone.now()
    length = session.ends_at - session.starts_at
    ahead = times(session, since=now - length, until=now + NEXT)
    upcoming = (at.astimezone(session.zone) for at in ahead if at + length > now)
    return list(itertools.islice(upcoming, most))


def can_promote(session: Session, now: datetime.datetime) -> bool:
    """Whether the waiting list moves: until the deadline, while the session is to take place."""
    planned = session.status == Status.PLANNED and session.sign_up == SignUp.HERE
    return planned and session.page.live and now < session.closes_at
