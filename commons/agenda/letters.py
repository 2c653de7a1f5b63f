"""What we write to those who signed up: one mail to one person about one or several sessions."""

from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from commons.agenda.models import Registration
from commons.members.notifications import notify

CONFIRM_SECONDS = 24 * 3600
_SALT = "commons.agenda.confirm"


class Kind(models.TextChoices):
    """What a letter is about, with its subject."""

    CONFIRM = "confirm", _("Confirmez votre inscription : %(title)s")
    CONFIRMED = "confirmed", _("Vous êtes inscrit·e : %(title)s")
    ALREADY = "already", _("Vous êtes déjà inscrit·e : %(title)s")
    WAITING = "waiting", _("Vous êtes sur la liste d’attente : %(title)s")
    PROMOTED = "promoted", _("Une place s’est libérée pour vous : %(title)s")
    ADDED = "added", _("Nous vous avons inscrit·e : %(title)s")
    CHANGED = "changed", _("Ce qui change : %(title)s")
    SESSION_CANCELLED = "session_cancelled", _("Séance annulée : %(title)s")
    CANCELLED = "cancelled", _("Votre inscription est annulée : %(title)s")
    REMINDER = "reminder", _("C’est bientôt : %(title)s")
    PRESENT = "present", _("La rediffusion est en ligne : %(title)s")
    ABSENT = "absent", _("Vous n’avez pas pu venir ? La rediffusion : %(title)s")
    MESSAGE = "message", _("%(title)s")


def tell(registrations: Sequence[Registration], kind: Kind, **extra) -> None:
    """Write one letter to the person whose `registrations` these are; kept with the transaction."""
    first = registrations[0]
    with translation.override(first.language):
        title = first.session.title
        notify(
            "session_letter",
            to=first.email,
            subject=kind.label % {"title": title},
            language=first.language,
            context={"name": first.name, "kind": kind, "title": title, "url": _url(first, kind)},
        )


def confirmation_key(registrations: Sequence[Registration]) -> str:
    """What the confirmation link holds: good for these registrations, this address, one day."""
    rows = sorted(registrations, key=lambda registration: registration.pk)
    return signing.dumps([[row.pk for row in rows], _mark(rows)], salt=_SALT)


def read_confirmation_key(
    key: str, *, max_age: int | None = CONFIRM_SECONDS
) -> list[Registration] | None:
    """The registrations of a link that is ours, recent, and of their present address.

    Without `max_age`, also those of an older link: to say what it was for, never to act.
    """
    try:
        numbers, mark = signing.loads(key, salt=_SALT, max_age=max_age)
    except signing.BadSignature:
        return None
    rows = Registration.objects.filter(pk__in=numbers).order_by("pk")
    rows = list(rows.select_related("session__page", "session__replay"))
    return rows if rows and _mark(rows) == mark else None


def _mark(registrations: Sequence[Registration]) -> str:
    """What stands for the address in a link, which servers write in their journals."""
    secrets = "".join(f"{row.token}{row.email}" for row in registrations)
    return salted_hmac(_SALT, secrets).hexdigest()[:16]


def _url(registration: Registration, kind: Kind) -> str:
    if kind == Kind.CONFIRM:
        path = reverse("registration_confirm", args=[confirmation_key([registration])])
    else:
        path = reverse("registration", args=[registration.token])
    return settings.SITE_URL + path
