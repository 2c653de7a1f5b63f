"""People: one account per address, what they consented to, and the mail that waits for them."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.pages.fields import EmailModelField
from commons.pages.text import clean_email


class MemberManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        member = self.model(email=clean_email(email), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Member(AbstractBaseUser, PermissionsMixin):
    """A person of the network; moderators and editors are members of groups."""

    public = True  # the name of who signs a page; see commons/cache_invalidation.py

    email = EmailModelField(_("Adresse e-mail"), unique=True)
    display_name = models.CharField(_("Nom affiché"), max_length=80, blank=True)
    language = models.CharField(
        _("Langue des messages"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    is_staff = models.BooleanField(_("Équipe"), default=False)
    is_active = models.BooleanField(_("Actif"), default=True)
    date_joined = models.DateTimeField(_("Inscription"), default=timezone.now)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_member_per_email")]

    def __str__(self):
        return str(self.get_full_name())

    def get_full_name(self):
        return self.display_name or _("Membre du réseau")

    get_short_name = get_full_name


class Purpose(models.TextChoices):
    """What a consent is for; the values are kept in the data export."""

    CHARTER = "charter", _("Je respecte la charte du commun")
    CREDIT = "credit", _("Mon nom peut figurer sur les pages que j’ai écrites")


class ConsentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """A dated consent to one version of a text; withdrawing it sets a date and keeps the row."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("Objet"), max_length=20, choices=Purpose)
    text_version = models.CharField(_("Version du texte"), max_length=20)
    given_at = models.DateTimeField(_("Donné le"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("Retiré le"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consentement")
        verbose_name_plural = _("consentements")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent_per_purpose",
            )
        ]

    def __str__(self):
        return f"{self.member_id} · {self.purpose}"


class OutgoingMail(models.Model):
    """A message that waits to be sent, or was sent a few days ago; written only by the outbox."""

    to = models.JSONField(_("Destinataires"))
    subject = models.CharField(_("Objet"), max_length=250)
    # from_email, cc, bcc, reply_to, headers, body, alternatives, attachments (base64): plain JSON.
    content = models.JSONField(_("Contenu"))
    created_at = models.DateTimeField(_("Créé le"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("Prochain essai"), default=timezone.now)
    claimed_at = models.DateTimeField(_("Pris en charge le"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Essais"), default=0)
    sent_at = models.DateTimeField(_("Envoyé le"), null=True, blank=True)
    error = models.CharField(_("Erreur"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message à envoyer")
        verbose_name_plural = _("messages à envoyer")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(sent_at=None),
                name="unsent_mail_by_next_attempt",
            )
        ]

    def __str__(self):
        return self.subject
