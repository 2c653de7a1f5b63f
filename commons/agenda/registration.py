"""Sign up, confirm, leave: what a person does about a session, and what an organiser does for them.

Each rule locks the session first, reads only then, writes, and queues its mail in one transaction.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from commons.agenda import broadcasts, emails, registrants
from commons.agenda.availability import Phase, has_ended, lock_session, phase, seats_of
from commons.agenda.eligibility import (
    REFUSALS,
    TOO_LATE,
    check_may_wait,
    check_open,
    check_readable,
    readable_sessions,
)
from commons.agenda.models import Registration, Session, State
from commons.agenda.permissions import check_organiser, check_published, count_addition
from commons.agenda.registrants import Person, clean_person, count_attempt, source_digest
from commons.agenda.transitions import move
from commons.agenda.waiting_list import HOLD, promote_all_free
from commons.members.accounts import lock_account
from commons.members.models import Member
from commons.members.outbox import deliver_later
from commons.pages.text import clean_text
from commons.refused import Refused

MOST_CHANGES = 40  # times that one member leaves and comes back, each of which is told by mail
PAUSE = datetime.timedelta(minutes=1)  # before the same mail is written again
ANSWER_LENGTH = 500
GONE = gettext_lazy("Cette inscription n’existe plus.")
REGISTERED = {State.CONFIRMED, State.WAITING}


def register(  # noqa: PLR0913 - what a form asks
    session: Session,
    *,
    name: str = "",
    email: str = "",
    member: Member | None = None,
    answers: Sequence[str] = (),
    language: str = settings.LANGUAGE_CODE,
    source: str = "",
) -> Registration:
    """Sign a person up for a session; a second time shows the first.

    A member gets a seat, or a place on the list, at once. Anybody else confirms by mail; a seat
    that is free is held 24 hours for them. `source` is their network address. Raises Refused.
    """
    return register_all(
        [session],
        name=name,
        email=email,
        member=member,
        answers={session.pk: answers},
        language=language,
        source=source,
    )[0]


def register_all(  # noqa: PLR0913 - what a form asks
    sessions: Iterable[Session],
    *,
    name: str = "",
    email: str = "",
    member: Member | None = None,
    answers: Mapping[int, Sequence[str]] | None = None,
    language: str = settings.LANGUAGE_CODE,
    source: str = "",
) -> list[Registration]:
    """`register` for several sessions, such as a series: all or nothing, and one email.

    `answers` are those to the questions of each session, by its number.
    Those that nobody can join any more are left out; Refused says why when none is left.
    """
    person = clean_person(name=name, email=email, member=member, language=language)
    count_attempt(person, source=source)
    # Read before the lock: it is no matter of seats, and a crowd waits behind each query.
    pages = {session.pk: session.page for session in sessions}
    readable, answers_by_pk = readable_sessions(list(pages), member), answers or {}

    def sign_up(session):
        check_readable(session, readable)
        session.page = pages[session.pk]
        return _sign_up(session, person, answers_by_pk.get(session.pk, ()), source_digest(source))

    with transaction.atomic():
        if member:
            lock_account(member)
        # Always in the same order: two series at once never wait for one another.
        done = _try_each([lock_session(pk) for pk in sorted(pages)], sign_up)
        # A member reads it on the screen: no crowd waits for the mail server.
        with deliver_later() if member else nullcontext():
            _send_emails(done)
    return [registration for registration, _kind in done]


@transaction.atomic
def confirm(key: str) -> list[Registration]:
    """The address answered: each registration of the link gets its seat, or waits. Twice is once.

    Raises Refused when the link is not ours, or came too late for all of them.
    """
    registrations = emails.read_confirmation_key(key)
    if registrations is None:
        expired = emails.read_confirmation_key(key, max_age=None)
        raise Refused(TOO_LATE if expired else _("Ce lien n’est pas valable : inscrivez-vous."))
    numbers = [registration.pk for registration in registrations]
    rows = [
        lock_session(pk)
        for pk in sorted({registration.session_id for registration in registrations})
    ]
    by_session = {r.session_id: r for r in Registration.objects.filter(pk__in=numbers)}
    rows = [session for session in rows if session.pk in by_session]
    if not rows:
        raise Refused(GONE)
    done = _try_each(rows, lambda session: _confirm(session, by_session[session.pk]))
    _send_emails(done)
    return [registration for registration, _kind in done]


@transaction.atomic
def cancel(registration: Registration, *, by: Member | None = None) -> Registration:
    """Leave, at any time until the end; the seat goes to the head of the list. Twice is once.

    `by` is the member whose it is, an organiser, or None for whoever has the private link.
    """
    session = lock_session(registration.session_id)
    registration = _reload(session, registration)
    removed = by is not None and not Registration.objects.by(by).filter(pk=registration.pk).exists()
    if removed:
        check_organiser(by, session.page)
    if not registration.is_active:
        return registration
    if has_ended(session):
        raise Refused(REFUSALS[Phase.OVER])
    unconfirmed = registration.state == State.PENDING
    move(registration, State.CANCELLED)
    if removed:
        _log(session, "agenda.remove_person", by, registration)
    if not unconfirmed:
        kind = emails.Kind.REMOVED if removed else emails.Kind.CANCELLED
        emails.send([registration], kind)
    promote_all_free(session)
    return registration


@transaction.atomic
def add_by_organiser(  # noqa: PLR0913 - what a form asks
    session: Session,
    *,
    by: Member | None,
    name: str,
    email: str,
    over: bool = False,
    wait: bool = False,
) -> Registration:
    """Sign up somebody who phoned.

    When no seat is free: `over` makes one, `wait` puts them on the list; without either, Refused.
    """
    session = lock_session(session)
    check_organiser(by, session.page)
    check_published(session.page)
    person = clean_person(name=name, email=email)
    registration = _find_registration(session, person)
    state = registration.state if registration else None
    if state == State.CONFIRMED or (state == State.WAITING and wait and not over):
        return registration
    now = timezone.now()
    seats = seats_of([session], now=now)[session.pk]
    stage = phase(session, seats, now)
    if stage in {Phase.CANCELLED, Phase.POSTPONED}:
        raise Refused(REFUSALS[stage])
    seated = over or seats.for_newcomers or _holds_a_seat(registration, now)
    if not seated:
        check_may_wait(registration, stage, wait=wait)
    count_addition(by, session.page)
    registration = registration or Registration(session=session)
    _set_person(registration, session, person, answers=registration.answers)
    registration.added_by_organiser = True
    move(registration, State.CONFIRMED if seated else State.WAITING)
    _log(session, "agenda.add_person", by, registration)
    if stage not in {Phase.OVER, Phase.REPLAY}:
        emails.send([registration], emails.Kind.ADDED if seated else emails.Kind.WAITING)
    return registration


@transaction.atomic
def acknowledge(registration: Registration) -> Registration:
    """Somebody whom an organiser added says that the address is theirs. Twice is once.

    What was not written to an address that nobody had confirmed leaves now.
    """
    session = lock_session(registration.session_id)
    registration = _reload(session, registration)
    if not (registration.added_by_organiser and registration.is_active):
        return registration
    registration.session, registration.added_by_organiser = session, False
    registration.save(update_fields=["added_by_organiser", "updated_at"])
    if not has_ended(session):
        kind = emails.Kind
        seated = registration.state == State.CONFIRMED
        emails.send([registration], kind.CONFIRMED if seated else kind.WAITING)
    broadcasts.send_held(registration)
    return registration


def _try_each(sessions, rule) -> list[tuple[Registration, str | None]]:
    """`act` on each session that it does not refuse; Refused as for the first when none is left."""
    done, refusals = [], []
    for session in sessions:
        try:
            done.append(rule(session))
        except Refused as refused:
            refusals.append(refused)
    if refusals and not done:
        raise refusals[0]
    return done


def _send_emails(done: list[tuple[Registration, str | None]]) -> None:
    """One email for all that was just done, of the kind that asks most of its reader."""
    kind = emails.Kind
    together = {kind.CONFIRMED, kind.WAITING}
    for first in (kind.CONFIRM, kind.CONFIRMED, kind.WAITING, kind.ALREADY):
        if any(outcome == first for _registration, outcome in done):
            kinds = together if first in together else {first}
            emails.send([registration for registration, outcome in done if outcome in kinds], first)
            return


def _sign_up(session: Session, person: Person, answers: Sequence[str], source: str):
    """(registration, what to write about it or None) behind the lock of the session."""
    now = timezone.now()
    registration = _find_registration(session, person)
    state = registration.state if registration else None
    if person.member and state in REGISTERED:
        if registration.member_id is None:
            registration.member = person.member
            registration.save(update_fields=["member", "updated_at"])
        return registration, None
    seats = check_open(session, now)
    if state in REGISTERED:
        return registration, emails.Kind.ALREADY if _may_write_again(registration, now) else None
    if state == State.PENDING and _hold_expired(registration, now):
        move(registration, State.EXPIRED)
        state = State.EXPIRED
    if state == State.PENDING and not person.member:
        return registration, emails.Kind.CONFIRM if _may_write_again(registration, now) else None
    if person.member and registration and registration.sequence >= MOST_CHANGES:
        raise Refused(_("Vous avez trop souvent changé d’avis : écrivez à qui organise la séance."))
    seated = seats.for_newcomers or _holds_a_seat(registration, now)
    registration = registration or Registration(session=session)
    _set_person(registration, session, person, answers=answers)
    if person.member:
        return _seat(registration, seated)
    seated = seated and _may_hold(session, source, now)
    registration.source = source
    held_until = min(now + HOLD, session.starts_at) if seated else None
    return move(registration, State.PENDING, held_until=held_until), emails.Kind.CONFIRM


def _confirm(session: Session, registration: Registration):
    """The same for a registration whose address just answered."""
    registration.session = session
    now = timezone.now()
    if registration.state in REGISTERED:
        return registration, None
    if registration.state == State.CANCELLED:
        raise Refused(_("Cette inscription a été annulée : inscrivez-vous à nouveau."))
    if registration.state == State.EXPIRED or _hold_expired(registration, now):
        raise Refused(TOO_LATE)
    held = _holds_a_seat(registration, now)
    check_readable(session, readable_sessions([session.pk], None))
    seats = check_open(session, now, closed=not held)
    return _seat(registration, held or seats.for_newcomers)


def _seat(registration: Registration, seated: bool):
    if seated:
        return move(registration, State.CONFIRMED), emails.Kind.CONFIRMED
    return move(registration, State.WAITING), emails.Kind.WAITING


def _find_registration(session: Session, person: Person) -> Registration | None:
    """The person's row: by their account, whose address may have changed since, or by address."""
    theirs = Q(email=person.email) | Q(member__email=person.email)
    if person.member:
        theirs |= Q(member=person.member)
    rows = session.registrations.filter(theirs)
    return min(rows, key=lambda r: (not r.is_active, r.member_id is None, r.pk), default=None)


def _reload(session: Session, registration: Registration) -> Registration:
    current = session.registrations.filter(pk=registration.pk).first()
    if current is None:
        raise Refused(GONE)
    return current


def _set_person(registration: Registration, session: Session, person: Person, *, answers) -> None:
    registration.name, registration.language = person.name, person.language
    registration.member = person.member or registration.member
    taken = session.registrations.filter(email=person.email).exclude(pk=registration.pk)
    # A new row is one because no other has the address.
    if registration.pk is None or not taken.exists():
        registration.email = person.email
    registration.answers = [
        clean_text(str(answer))[:ANSWER_LENGTH] for answer in answers[: len(session.asked)]
    ]
    registration.attended, registration.added_by_organiser = None, False


def _holds_a_seat(registration: Registration | None, now: datetime.datetime) -> bool:
    pending = registration is not None and registration.state == State.PENDING
    return pending and registration.held_until is not None and registration.held_until > now


def _may_hold(session: Session, source: str, now: datetime.datetime) -> bool:
    """Whether one more seat may be held for that network address, which may be one robot's."""
    held = session.registrations.filter(state=State.PENDING, held_until__gt=now, source=source)
    return not source or held.count() < registrants.HELD_AT_ONCE


def _hold_expired(registration: Registration, now: datetime.datetime) -> bool:
    until = registration.held_until or registration.updated_at + HOLD
    return until <= now


def _may_write_again(registration: Registration, now: datetime.datetime) -> bool:
    """Whether a mail may be written about it again; noted, so that many posts at once write one."""
    if now - registration.updated_at < PAUSE:
        return False
    registration.save(update_fields=["updated_at"])
    return True


def _log(session: Session, action: str, by: Member | None, registration: Registration) -> None:
    data = {"session": session.pk, "registration": registration.pk}
    log(instance=session.page, action=action, user=by, data=data)
