"""Dated sessions of any page, the days they take, and who signed up.

A session belongs to the page that tells of it, a training or an event, and to all translations of
that page: there is one list of people, whatever the language that they read. It is no part of the
page's revisions: an older text that comes back never brings back an older date or capacity.
"""

import datetime
import secrets
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.agenda.enums import Format, Repeat, SignUp, Status
from commons.agenda.time_zones import Zone, on_clock
from commons.members.accounts import confirmed_addresses
from commons.pages.fields import EmailModelField


def new_token() -> str:
    """192 random bits: the key of a private link."""
    return secrets.token_urlsafe(24)


def usual_reminders() -> list[int]:
    """Hours before the start: one day, one hour."""
    return [24, 1]


class SessionQuerySet(models.QuerySet):
    def of(self, page):
        """Those of `page` and of its translations, in order."""
        return self.filter(page__translation_key=page.translation_key)

    def upcoming(self, now=None):
        """Those not over, or that come back."""
        now = now or timezone.now()
        return self.filter(occurrences__ends_at__gt=now).distinct()


class Session(models.Model):
    """One meeting: when, where, how many, and how one signs up."""

    public = True  # see commons/cache_invalidation.py
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Page"),
        on_delete=models.CASCADE,
        related_name="sessions",
    )
    label = models.CharField(
        _("Nom de la séance"),
        max_length=120,
        blank=True,
        help_text=_("Seulement s’il y en a plusieurs : « Atelier 2 : fixer un prix ». "),
    )
    starts_at = models.DateTimeField(_("Début"))
    ends_at = models.DateTimeField(_("Fin"))
    time_zone = models.CharField(
        _("Fuseau horaire"), max_length=40, choices=Zone, default=Zone.PARIS
    )
    format = models.CharField(_("Forme"), max_length=10, choices=Format, default=Format.ON_SITE)
    place = models.CharField(_("Lieu"), max_length=160, blank=True)
    address = models.CharField(_("Adresse publique"), max_length=200, blank=True)
    commune = models.CharField(_("Commune"), max_length=120, blank=True)
    latitude = models.FloatField(
        _("Latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.FloatField(
        _("Longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    video_url = models.URLField(
        _("Lien de visioconférence"),
        max_length=500,
        blank=True,
        help_text=_("Donné aux seules personnes inscrites."),
    )
    language = models.CharField(
        _("Langue"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    contact_name = models.CharField(_("Contact"), max_length=120, blank=True)
    contact_email = EmailModelField(
        _("Adresse e-mail du contact"),
        blank=True,
        help_text=_("Donnée aux seules personnes inscrites, qui y répondent à vos messages."),
    )
    status = models.CharField(_("État"), max_length=10, choices=Status, default=Status.PLANNED)
    status_note = models.CharField(
        _("Raison"), max_length=300, blank=True, help_text=_("Si elle est annulée ou reportée.")
    )
    sign_up = models.CharField(_("Inscription"), max_length=10, choices=SignUp, default=SignUp.HERE)
    sign_up_url = models.URLField(_("Adresse d’inscription"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(
        _("Nombre de places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("Vide : pas de limite."),
    )
    sign_up_opens_at = models.DateTimeField(_("Ouverture des inscriptions"), null=True, blank=True)
    sign_up_closes_at = models.DateTimeField(
        _("Clôture des inscriptions"), null=True, blank=True, help_text=_("Vide : au début.")
    )
    # Hours before the start.
    reminders = models.JSONField(_("Rappels"), default=usual_reminders, blank=True)
    questions = models.TextField(
        _("Questions aux personnes inscrites"),
        max_length=1000,
        blank=True,
        help_text=_("Une par ligne, cinq au plus. La réponse est toujours facultative."),
    )
    replay = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Rediffusion"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="recorded_sessions",
    )
    repeat = models.CharField(_("Répétition"), max_length=12, choices=Repeat, default=Repeat.NEVER)
    repeat_until = models.DateField(_("Jusqu’au"), null=True, blank=True)
    # Days on which a repeated session does not take place, as ISO dates.
    skipped = models.JSONField(_("Sauf le"), default=list, blank=True)
    # Of the form that announced it: sending it twice announces one.
    form_token = models.CharField(max_length=64, blank=True, editable=False)
    # How many times what calendars show has changed: the SEQUENCE of RFC 5545.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("séance")
        verbose_name_plural = _("séances")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["page", "form_token"],
                condition=~Q(form_token=""),
                name="one_session_per_form",
            ),
        ]

    def __str__(self):
        return f"{self.label or self.page.title} · {self.local_start:%Y-%m-%d %H:%M}"

    @property
    def version(self) -> str:
        """What changes with every change: a form says by it which one it was filled from."""
        return self.updated_at.isoformat()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def tells_zone(self) -> bool:
        """Whether the clock must be named: it is not that of Paris, or people are anywhere."""
        return self.time_zone != Zone.PARIS or self.format != Format.ON_SITE

    @property
    def local_start(self) -> datetime.datetime:
        """The start, on the clock of the place."""
        return on_clock(self.starts_at, self.zone)

    @property
    def local_end(self) -> datetime.datetime:
        return on_clock(self.ends_at, self.zone)

    @property
    def title(self) -> str:
        """The name that a list or a mail gives it."""
        return f"{self.page.title} : {self.label}" if self.label else self.page.title

    @property
    def closes_at(self) -> datetime.datetime:
        """After this moment nobody signs up and nobody is promoted."""
        return min(self.sign_up_closes_at or self.starts_at, self.starts_at)

    @property
    def asked(self) -> list[str]:
        """The questions to those who sign up."""
        return [line.strip() for line in self.questions.splitlines() if line.strip()][:5]


class Occurrence(models.Model):
    """One time that a session takes place; `agenda.occurrences` writes them, lists read them."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="occurrences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The days on which a reader looks for it, on the clock of the place; see `nights`.
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "starts_at"], name="one_occurrence_per_start"
            )
        ]
        indexes = [
            models.Index(fields=["starts_at", "session"]),
            models.Index(fields=["ends_at", "session"]),
            models.Index(fields=["last_day", "session"]),
        ]

    def __str__(self):
        return f"{self.session_id} · {self.starts_at:%Y-%m-%d}"


class State(models.TextChoices):
    PENDING = "pending", _("À confirmer par e-mail")
    CONFIRMED = "confirmed", _("Inscription confirmée")
    WAITING = "waiting", _("Sur liste d’attente")
    CANCELLED = "cancelled", _("Annulée")
    EXPIRED = "expired", _("Non confirmée à temps")


# The only steps that exist; signing up again after leaving starts anew, at the end of the list.
TRANSITIONS = {
    State.PENDING: {State.CONFIRMED, State.WAITING, State.CANCELLED, State.EXPIRED},
    State.CONFIRMED: {State.CANCELLED},
    State.WAITING: {State.CONFIRMED, State.CANCELLED},
    State.CANCELLED: {State.PENDING, State.CONFIRMED, State.WAITING},
    State.EXPIRED: {State.PENDING, State.CONFIRMED, State.WAITING},
}
ACTIVE = {State.PENDING, State.CONFIRMED, State.WAITING}


class RegistrationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state__in=ACTIVE)

    def confirmed(self):
        return self.filter(state=State.CONFIRMED)

    def waiting(self):
        """The waiting list, its head first."""
        return self.filter(state=State.WAITING).order_by("queued_at", "pk")

    def seated(self, now=None):
        """Those who take a seat: confirmed, or about to be within the time it is held."""
        held = Q(state=State.PENDING, held_until__gt=now or timezone.now())
        return self.filter(Q(state=State.CONFIRMED) | held)

    def unconfirmed(self):
        """Those that an organiser added, and whose address has not answered."""
        return self.filter(added_by_organiser=True, member=None)

    def by(self, member):
        """Those of a member, also those made earlier from an address that they confirmed."""
        theirs = Q(member=None, lower_email__in=confirmed_addresses(member))
        return self.alias(lower_email=Lower("email")).filter(Q(member=member) | theirs)


class Registration(models.Model):
    """One person at one session; the same row whatever they change their mind to."""

    public = True  # no name is: the seats left are; see commons/cache_invalidation.py
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="registrations")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="registrations",
    )
    # In lower case; a member's own at the time.
    email = EmailModelField(_("Adresse e-mail"))
    name = models.CharField(_("Nom"), max_length=80)
    answers = models.JSONField(_("Réponses"), default=list, blank=True)  # in the questions' order
    state = models.CharField(_("État"), max_length=10, choices=State)
    # Since when one waits; position is counted, never stored.
    queued_at = models.DateTimeField(null=True, blank=True)
    # Until when an unconfirmed person keeps a seat; None for one who would wait.
    held_until = models.DateTimeField(null=True, blank=True)
    # A digest of the network address, while unconfirmed: nobody holds a whole session.
    source = models.CharField(max_length=64, blank=True, editable=False)
    attended = models.BooleanField(_("Présence"), null=True, blank=True)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    # Until this person says that the address is theirs.
    added_by_organiser = models.BooleanField(default=False)
    # Asked for neither reminders nor messages about this session.
    muted = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of the calendar entry
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription")
        verbose_name_plural = _("inscriptions")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "session", Lower("email"), name="one_registration_per_session_and_address"
            )
        ]
        indexes = [
            models.Index(fields=["session", "state", "queued_at"]),
            models.Index(fields=["state", "held_until"]),
        ]

    def __str__(self):
        return f"{self.session_id} · {self.state}"

    @property
    def address(self) -> str:
        """Where to write to the person: a member may have another address by now."""
        return self.member.email if self.member_id else self.email

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the address may be that of somebody who asked for nothing."""
        return self.state == State.PENDING or (self.added_by_organiser and not self.member_id)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE


class SentEmail(models.Model):
    """A mail that was sent to a registered person about one thing, so that it is not sent twice."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="sent_emails"
    )
    about = models.CharField(max_length=80)  # « reminder:24:<start> », « replay:<page> »…
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "agenda_letter"
        constraints = [
            models.UniqueConstraint(fields=["registration", "about"], name="one_letter_per_matter")
        ]

    def __str__(self):
        return f"{self.registration_id} · {self.about}"


class Audience(models.TextChoices):
    """To whom an organiser writes."""

    ALL = "all", _("Toutes les personnes inscrites")
    WAITING = "waiting", _("La liste d’attente")
    PRESENT = "present", _("Les personnes présentes")
    ABSENT = "absent", _("Les personnes absentes")


class Message(models.Model):
    """What an organiser wrote to those registered."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    audience = models.CharField(_("Destinataires"), max_length=10, choices=Audience)
    subject = models.CharField(_("Objet"), max_length=150)
    text = models.TextField(_("Message"), max_length=5000)
    token = models.CharField(max_length=64, unique=True, default=new_token)  # of the form sent
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.subject


class CalendarLink(models.Model):
    """The private address of a member's calendar; a new one revokes the old."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.member_id)
