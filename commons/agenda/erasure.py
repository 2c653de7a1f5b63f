"""End the registrations of a person who is erased: their seats go to those who wait."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.agenda import date_formats
from commons.agenda.availability import has_ended, lock_session
from commons.agenda.models import Registration, Session
from commons.agenda.permissions import sessions_organised_by
from commons.agenda.waiting_list import promote_all_free
from commons.members.privacy import Person


def active_registrations(person: Person) -> list[Registration]:
    """Those that erasing the person cancels: of sessions that are not over."""
    rows = _registrations(person).active().select_related("session__page")
    upcoming = [row for row in rows if not has_ended(row.session)]
    return sorted(upcoming, key=lambda row: (row.session.starts_at, row.pk))


def describe(registration: Registration) -> str:
    """« Fixer ses prix, mardi 12 mars 2027 »."""
    session = registration.session
    return f"{session.title}, {date_formats.day(session.local_start)}"


def announce_erasure(person: Person) -> list[tuple[str, list[str]]]:
    """What erasing the person ends in the agenda, and what it leaves to the team."""
    own = [describe(row) for row in active_registrations(person)]
    ahead = sessions_organised_by(person.member).filter(page__owner=person.member)
    ahead = ahead.upcoming().select_related("page").order_by("starts_at")
    organised = [f"{row.title}, {date_formats.day(row.local_start)}" for row in ahead]
    cancelled = _(
        "Vos inscriptions sont annulées. À chaque séance, votre place va à la première personne "
        "qui attend."
    )
    kept = _("Vos séances restent annoncées. L’équipe du site s’en occupera à votre place.")
    return [(cancelled, own), (kept, organised)]


@transaction.atomic
def erase_registrations(person: Person) -> list[str]:
    """Delete their registrations and give each free seat away; in words those that ended."""
    ended = [describe(row) for row in active_registrations(person)]
    sessions = sorted(set(_registrations(person).values_list("session", flat=True)))
    # Always in the same order, like whoever signs up for several.
    rows = [lock_session(pk) for pk in sessions]
    _registrations(person).delete()
    for session in rows:
        promote_all_free(session)
    now = timezone.now()
    # Their name as a contact is that of an organiser: the address beside it says so.
    Session.objects.filter(pk__in=person.rows("agenda.Session").values("pk")).update(
        contact_name="", contact_email="", updated_at=now
    )
    return ended


def _registrations(person: Person) -> QuerySet[Registration]:
    numbers = person.rows("agenda.Registration").values("pk")
    return Registration.objects.filter(pk__in=numbers)
