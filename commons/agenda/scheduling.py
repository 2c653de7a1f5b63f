"""Fix, move, call off: what an organiser decides about a session, told to those it concerns."""

import copy
import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Page

from commons.agenda import emails, places
from commons.agenda.availability import dates_ahead, has_ended, lock_session, next_time
from commons.agenda.models import (
    ACTIVE,
    Registration,
    Repeat,
    Session,
    SignUp,
    State,
    Status,
)
from commons.agenda.permissions import check_organiser
from commons.agenda.recurrence import MOST, sync_occurrences
from commons.agenda.validation import date_problems
from commons.agenda.waiting_list import promote_all_free
from commons.members.models import Member
from commons.pages.text import clean_line, clean_text
from commons.refused import Refused

# What calendars show: a change of one of these is told, once, to whoever is registered.
ANNOUNCED_FIELDS = (
    *("label", "starts_at", "ends_at", "time_zone", "format", "place", "address", "commune"),
    *("video_url", "status", "repeat", "repeat_until", "skipped"),
)
EDIT_CONFLICT = gettext_lazy(
    "Quelqu’un a modifié cette séance pendant que vous écriviez : relisez-la. "
    "Si vous enregistrez maintenant, ce que vous avez écrit remplace ses changements."
)
LINE_FIELDS = ("label", "place", "address", "commune", "contact_name", "status_note")


class EditConflict(Refused):
    """Somebody else changed the session while its form was open."""


@transaction.atomic
def save_session(session: Session, *, by: Member | None, version: str = "") -> Session:
    """Store a session, new or changed, and the days that it takes; tell what changed.

    Whether it takes place is read behind the lock, never in `session`: it may have been called off
    while its form was open. One put off takes place again once it has a new date.
    `version` is that of the session from which a form was filled. A new one with the `form_token`
    of another of its page is that other. Raises Refused when it contradicts itself, EditConflict.
    """
    places.lock_translations(session.page)
    before = lock_session(session) if session.pk else None
    check_organiser(by, session.page)
    if before and version and before.version != version:
        raise EditConflict(EDIT_CONFLICT)
    created = _created_by_form(session) if session.form_token and not before else None
    if created:
        return created
    if before:
        session.status, session.status_note = before.status, before.status_note
        _set_new_date(session, before)
    _clean(session, before)
    changed = [f for f in ANNOUNCED_FIELDS if before and getattr(before, f) != getattr(session, f)]
    session.sequence = before.sequence + bool(changed) if before else 0
    session.save()
    sync_occurrences(session)
    places.reindex(session.page)
    _log(session, "agenda.change" if before else "agenda.create", by, changed=changed)
    if changed and session.status != Status.CANCELLED and not has_ended(session):
        _send_emails(session, emails.Kind.CHANGED, before=before, changed=changed)
    promote_all_free(session)
    return session


@transaction.atomic
def cancel_session(session: Session, *, by: Member | None, note: str = "") -> Session:
    """It does not take place: nobody signs up any more, and those registered know why.

    Raises Refused once it has taken place, as `postpone_session` and `restore_session` do.
    """
    places.lock_translations(session.page)
    session = lock_session(session)
    check_organiser(by, session.page)
    if session.status == Status.CANCELLED:
        return session
    _check_ahead(session)
    _set_status(session, Status.CANCELLED, note=note)
    _log(session, "agenda.cancel", by)
    _send_emails(session, emails.Kind.SESSION_CANCELLED)
    places.reindex(session.page)
    return session


@transaction.atomic
def postpone_session(session: Session, *, by: Member | None, note: str = "") -> Session:
    """It takes place another day, not known yet; those registered stay, and know."""
    places.lock_translations(session.page)
    session = lock_session(session)
    check_organiser(by, session.page)
    if session.status == Status.POSTPONED:
        return session
    _check_ahead(session)
    before = copy.copy(session)
    _set_status(session, Status.POSTPONED, note=note)
    _log(session, "agenda.postpone", by)
    _send_emails(session, emails.Kind.CHANGED, before=before, changed=["status"])
    places.reindex(session.page)
    return session


@transaction.atomic
def restore_session(session: Session, *, by: Member | None) -> Session:
    """It takes place after all, on the day that was announced; those registered know."""
    places.lock_translations(session.page)
    session = lock_session(session)
    check_organiser(by, session.page)
    if session.status == Status.PLANNED:
        return session
    if next_time(session, timezone.now())[1] <= timezone.now():
        raise Refused(_("Cette date est passée : donnez d’abord une nouvelle date à la séance."))
    before = copy.copy(session)
    _set_status(session, Status.PLANNED)
    _log(session, "agenda.restore", by)
    _send_emails(session, emails.Kind.CHANGED, before=before, changed=["status"])
    promote_all_free(session)
    places.reindex(session.page)
    return session


@transaction.atomic
def skip_day(session: Session, day: datetime.date, *, by: Member | None) -> Session:
    """A session that comes back does not take place on that day alone; the others stand."""
    places.lock_translations(session.page)
    session = lock_session(session)
    check_organiser(by, session.page)
    if day.isoformat() in session.skipped:
        return session
    if day not in {at.date() for at in dates_ahead(session, most=MOST)}:
        raise Refused(_("Ce jour n’est pas une des dates à venir."))
    session.skipped = sorted([*session.skipped, day.isoformat()])
    session.sequence += 1
    session.save()
    sync_occurrences(session)
    _log(session, "agenda.skip", by, day=day.isoformat())
    places.reindex(session.page)
    return session


@transaction.atomic
def delete_session(session: Session, *, by: Member | None) -> None:
    """Take it away as if it had never been announced; refused while people count on it."""
    places.lock_translations(session.page)
    session = lock_session(session)
    check_organiser(by, session.page)
    if _with_attendees(Session.objects.filter(pk=session.pk)).exists():
        raise Refused(_("Des personnes sont inscrites : annulez d’abord cette séance."))
    _log(session, "agenda.delete", by)
    session.delete()
    places.reindex(session.page)


def sessions_with_attendees(pages: Iterable[Page]) -> QuerySet[Session]:
    """The sessions of `pages`, and of those below, that somebody registered still counts on."""
    places = Q(pk__in=[])
    for page in pages:
        places |= Q(page__path__startswith=page.path)
    return _with_attendees(Session.objects.filter(places))


def _with_attendees(sessions: QuerySet[Session]) -> QuerySet[Session]:
    registered = Registration.objects.filter(state__in=ACTIVE).values("session")
    ahead = Q(occurrences__ends_at__gt=timezone.now()) | Q(status=Status.POSTPONED)
    upcoming = sessions.filter(ahead, pk__in=registered)
    return upcoming.exclude(status=Status.CANCELLED).distinct()


def _check_ahead(session: Session) -> None:
    if has_ended(session):
        raise Refused(_("Cette séance est terminée."))


def _set_status(session: Session, status: Status, *, note: str = "") -> None:
    session.status, session.status_note = status, clean_line(note)[:300]
    session.sequence += 1
    session.save()


def _set_new_date(session: Session, before: Session) -> None:
    """One put off, whose date is another now, takes place; an untouched deadline follows it."""
    if before.status != Status.POSTPONED or session.starts_at == before.starts_at:
        return
    session.status, session.status_note = Status.PLANNED, ""
    closes = before.sign_up_closes_at
    if closes and session.sign_up_closes_at == closes and session.starts_at > before.starts_at:
        days = session.local_start.date() - before.local_start.date()
        session.sign_up_closes_at = closes.astimezone(session.zone) + days


def _created_by_form(session: Session) -> Session | None:
    """The session that the same form announced already; of two at once, the second waits here."""
    Page.objects.select_for_update(of=("self",), no_key=True).get(pk=session.page_id)
    sessions = Session.objects.filter(page=session.page_id, form_token=session.form_token)
    return sessions.select_related("page").first()


def _send_emails(session: Session, kind, **extra) -> None:
    """Each person who has a seat or waits, apart."""
    registrations = session.registrations.filter(state__in=[State.CONFIRMED, State.WAITING])
    for registration in registrations.select_related("member"):
        registration.session = session
        emails.send([registration], kind, **extra)


def _clean(session: Session, before: Session | None) -> None:
    for name in LINE_FIELDS:
        setattr(session, name, clean_line(getattr(session, name)))
    session.questions = clean_text(session.questions)
    for sentence in date_problems(session, before=before).values():
        raise Refused(sentence)
    if session.repeat != Repeat.NEVER and session.sign_up == SignUp.HERE:
        raise Refused(
            _("Une séance qui se répète est sans inscription : créez plutôt une séance par date.")
        )
    if session.sign_up == SignUp.ELSEWHERE and not session.sign_up_url:
        raise Refused(_("Donnez l’adresse du site où l’on s’inscrit."))
    opens = session.sign_up_opens_at
    if session.sign_up == SignUp.HERE and opens and opens >= session.closes_at:
        raise Refused(_("Les inscriptions doivent ouvrir avant leur clôture."))
    try:
        session.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _log(session: Session, action: str, by: Member | None, **data) -> None:
    log(instance=session.page, action=action, user=by, data={"session": session.pk, **data})
