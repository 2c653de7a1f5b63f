"""What an email says of one session: when, where, how to join it, and the person's state."""

import copy
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.agenda import date_formats
from commons.agenda.availability import has_ended, next_time, positions_of
from commons.agenda.ics import page_address, where
from commons.agenda.models import Format, Registration, Repeat, Session, State, Status
from commons.agenda.time_zones import on_clock
from commons.pages.page_rows import with_roots
from commons.pages.visibility import visible_pages

DATES = {"starts_at", "ends_at", "time_zone", "repeat", "repeat_until", "skipped"}
PLACES = {"place", "address", "commune", "format"}


@dataclass(frozen=True)
class Item:
    """One registration, as its email shows it, in the language that is active."""

    registration: Registration
    position: int | None = None

    @property
    def session(self) -> Session:
        return self.registration.session

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nothing is told but what the team read: the page's title, and the date."""
        return self.registration.is_unconfirmed

    @property
    def title(self) -> str:
        return self.session.page.title if self.is_unconfirmed else self.session.title

    @property
    def page_url(self) -> str:
        return page_address(self.session.page)

    @property
    def when(self) -> str:
        dates = when(self.session)
        if self.session.status == Status.POSTPONED:
            return _("Date à venir, au lieu de : %(when)s") % {"when": dates}
        return dates

    @property
    def where(self) -> str:
        return "" if self.is_unconfirmed else where(self.session)

    @property
    def is_over(self) -> bool:
        return has_ended(self.session)

    @property
    def joins(self) -> bool:
        """Whether they have a seat in what is to take place: the way in is theirs."""
        confirmed = self.registration.state == State.CONFIRMED
        takes_place = self.session.status == Status.PLANNED and not self.is_over
        return confirmed and takes_place and not self.is_unconfirmed

    @property
    def video(self) -> str:
        return self.session.video_url if self.joins else ""

    @property
    def awaits_video(self) -> bool:
        online = self.session.format != Format.ON_SITE
        return online and self.joins and not self.session.video_url

    @property
    def contact(self) -> str:
        """Who answers questions, for those who have a seat."""
        seated = self.registration.state == State.CONFIRMED and not self.is_unconfirmed
        if not seated or not self.session.contact_email:
            return ""
        return f"{self.session.contact_name} {self.session.contact_email}".strip()

    @property
    def status_sentence(self) -> str:
        """What the person stands at, in one sentence."""
        state, until = self.registration.state, self.registration.held_until
        if state == State.CONFIRMED:
            return _("Votre place est réservée.")
        if state == State.WAITING and self.position:
            values = {"position": self.position}
            return _("Vous êtes sur la liste d’attente, en position %(position)s.") % values
        if state == State.PENDING and until and until > timezone.now():
            at = until.astimezone(self.session.zone)
            values = {"day": date_formats.day(at), "hour": date_formats.hour(at)}
            return _("Une place vous est gardée jusqu’au %(day)s, %(hour)s.") % values
        if state == State.PENDING:
            return _("Il n’y a plus de place : vous serez sur la liste d’attente.")
        return ""

    @property
    def private_label(self) -> str:
        """What the private link is for, while the session is still to take place."""
        if self.is_unconfirmed:
            return _("Voir le lieu, dire que c’est bien moi, ou annuler")
        if self.registration.state == State.WAITING:
            return _("Voir ou quitter la liste d’attente")
        return _("Voir ou annuler mon inscription")

    @property
    def note(self) -> str:
        """Why it is called off or moved."""
        is_changed = self.session.status != Status.PLANNED and not self.is_unconfirmed
        return self.session.status_note if is_changed else ""

    @property
    def private_url(self) -> str:
        """The private link: see, cancel."""
        return settings.SITE_URL + reverse("registration", args=[self.registration.token])


def items_of(registrations, *, language: str) -> list[Item]:
    """The registrations, each with its session under the title that it has in `language`.

    Copies: the rows that the caller goes on with stay as they are.
    """
    places = positions_of(registrations)
    return [
        Item(_translated(registration, language), position=places.get(registration.pk))
        for registration in registrations
    ]


def _translated(registration: Registration, language: str) -> Registration:
    registration = copy.copy(registration)
    registration.session = session = copy.copy(registration.session)
    translated = None
    if session.page.locale.language_code != language:
        pages = visible_pages(AnonymousUser()).filter(translation_key=session.page.translation_key)
        translated = pages.filter(locale__language_code=language).first()
    (session.page,) = with_roots([translated or session.page])
    return registration


def when(session: Session) -> str:
    """« mardi 12 mars 2027, 17 h – 18 h 30 », and whose clock when that is not plain."""
    start, end = (on_clock(at, session.zone) for at in next_time(session, timezone.now()))
    if session.repeat != Repeat.NEVER:
        text = f"{date_formats.rhythm(session)}, {date_formats.hours(start, end)}"
    else:
        text = date_formats.span(start, end)
    if session.tells_zone:
        text += f" ({_('heure locale :')} {session.get_time_zone_display()})"
    return text


def changes(before: Session, item: Item, changed) -> list[str]:
    """What `changed`, in sentences, each with what it was; nothing of the way in to who waits."""
    after, sentences = item.session, []
    if DATES & set(changed) and after.status == Status.PLANNED:
        values = {"now": when(after), "before": when(before)}
        sentences.append(_("Nouvelle date : %(now)s. Avant : %(before)s.") % values)
    if item.is_unconfirmed:
        if PLACES & set(changed):
            sentences.append(_("Le lieu a changé : il est sur la page de votre inscription."))
        return sentences
    if PLACES & set(changed):
        values = {
            "now": where(after) or _("à préciser"),
            "before": where(before) or _("à préciser"),
        }
        sentences.append(_("Nouveau lieu : %(now)s. Avant : %(before)s.") % values)
    if "label" in changed:
        values = {"now": after.title}
        sentences.append(_("Nouveau nom : %(now)s.") % values)
    if "video_url" in changed and item.video:
        sentences.append(_("Le lien de visioconférence a changé : il est ci-dessous."))
    return sentences
