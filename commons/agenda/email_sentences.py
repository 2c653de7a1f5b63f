"""The sentences of each email to those who signed up: its subject, and how it begins."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an email is about."""

    CONFIRM = "confirm"
    CONFIRMED = "confirmed"
    ALREADY = "already"
    WAITING = "waiting"
    PROMOTED = "promoted"
    ADDED = "added"
    CHANGED = "changed"
    POSTPONED = "postponed"
    PLANNED_AGAIN = "planned_again"
    SESSION_CANCELLED = "session_cancelled"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    REMINDER = "reminder"
    PRESENT = "present"
    ABSENT = "absent"
    MESSAGE = "message"
    MESSAGE_HELD = "message_held"


@dataclass(frozen=True)
class EmailText:
    """`subject` may name the `title` and, of a reminder, the `when`; the rest follows the name."""

    subject: str
    text: str = ""


EMAIL_TEXTS = {
    Kind.CONFIRM: EmailText(
        _("Confirmez votre inscription : %(title)s"),
        _(
            "Il reste à confirmer votre inscription. Le lien ci-dessous sert pendant 24 heures. "
            "Si ce n’est pas vous, ne faites rien : personne ne sera inscrit."
        ),
    ),
    Kind.CONFIRMED: EmailText(
        _("Vous êtes inscrit·e : %(title)s"),
        _("Votre inscription est enregistrée. À bientôt !"),
    ),
    Kind.ALREADY: EmailText(
        _("Vous êtes déjà inscrit·e : %(title)s"),
        _(
            "Quelqu’un, sans doute vous, vient de s’inscrire avec cette adresse. "
            "Vous étiez déjà inscrit·e : il n’y a rien à faire."
        ),
    ),
    Kind.WAITING: EmailText(
        _("Vous êtes sur la liste d’attente : %(title)s"),
        _(
            "Il n’y a plus de place pour le moment. Si une place se libère, elle vous est donnée "
            "dans l’ordre de la liste, et un message vous prévient."
        ),
    ),
    Kind.PROMOTED: EmailText(
        _("Une place est à vous : %(title)s"),
        _(
            "Bonne nouvelle : une place s’est libérée, elle est à vous. Si vous ne pouvez plus "
            "venir, annulez votre inscription : la place ira à la personne suivante."
        ),
    ),
    Kind.ADDED: EmailText(
        _("Nous vous avons inscrit·e : %(title)s"),
        _(
            "La personne qui organise cette séance vous a inscrit·e. Sur la page de votre "
            "inscription, lisez le lieu, et dites que cette adresse est bien la vôtre. "
            "Si vous ne le souhaitez pas, annulez votre inscription."
        ),
    ),
    Kind.CHANGED: EmailText(
        _("Ce qui change : %(title)s"),
        _("Cette séance a changé. Votre inscription reste valable."),
    ),
    Kind.POSTPONED: EmailText(
        _("Séance reportée : %(title)s"),
        _(
            "Cette séance est reportée. La nouvelle date n’est pas encore connue : nous vous "
            "l’écrirons. Votre inscription reste valable."
        ),
    ),
    Kind.PLANNED_AGAIN: EmailText(
        _("La séance a bien lieu : %(title)s"),
        _(
            "Cette séance a bien lieu. Votre inscription reste valable : si vous ne pouvez pas "
            "venir, annulez-la."
        ),
    ),
    Kind.SESSION_CANCELLED: EmailText(
        _("Séance annulée : %(title)s"),
        _("Cette séance n’aura pas lieu. Nous en sommes désolés. Vous n’avez rien à faire."),
    ),
    Kind.CANCELLED: EmailText(
        _("Votre inscription est annulée : %(title)s"),
        _(
            "Votre inscription est annulée : vous n’avez rien d’autre à faire. "
            "Si vous changez d’avis, inscrivez-vous à nouveau."
        ),
    ),
    Kind.REMOVED: EmailText(
        _("Vous n’êtes plus sur la liste : %(title)s"),
        _(
            "La personne qui organise cette séance vous a retiré·e de la liste. "
            "Si c’est une erreur, inscrivez-vous à nouveau."
        ),
    ),
    Kind.REMINDER: EmailText(
        _("Rappel : %(title)s, %(when)s"),
        _("Votre séance approche : nous serons heureux de vous y retrouver."),
    ),
    Kind.PRESENT: EmailText(
        _("La rediffusion est en ligne : %(title)s"),
        _("Merci d’avoir participé ! La rediffusion est en ligne : vous pouvez la partager."),
    ),
    Kind.ABSENT: EmailText(
        _("À voir quand vous voulez : %(title)s"),
        _(
            "Vous étiez inscrit·e à cette séance. Si vous n’avez pas pu venir, la rediffusion est "
            "en ligne : regardez-la quand vous voulez."
        ),
    ),
    Kind.MESSAGE: EmailText(
        "%(title)s",
        _("La personne qui organise votre séance vous écrit :"),
    ),
    Kind.MESSAGE_HELD: EmailText(
        _("Un message vous attend : %(title)s"),
        _(
            "La personne qui organise votre séance vous a écrit. Pour recevoir son message, "
            "dites d’abord, sur la page de votre inscription, que cette adresse est la vôtre."
        ),
    ),
}
