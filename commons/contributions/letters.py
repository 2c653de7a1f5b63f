"""What we write to an author at each step: a subject, one or two sentences, one thing to do."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from commons.contributions import kinds
from commons.contributions.models import Contribution, State
from commons.members.notifications import notify

CONFIRM_SECONDS = 3 * 24 * 3600
_SALT = "commons.contributions.confirm"


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    action: str


LETTERS = {
    State.UNCONFIRMED: Letter(
        _("Confirmez votre proposition : « %(title)s »"),
        _(
            "Vous avez proposé « %(title)s ». Confirmez avec le bouton ci-dessous, dans les trois "
            "jours. Si ce n’est pas vous, ne faites rien : rien ne sera envoyé."
        ),
        _("Confirmer ma proposition"),
    ),
    State.IN_REVIEW: Letter(
        _("Nous avons bien reçu « %(title)s »"),
        _(
            "Merci ! La modération va lire votre proposition « %(title)s ». "
            "Vous recevrez un message à chaque étape."
        ),
        _("Suivre ma proposition"),
    ),
    State.CHANGES_ASKED: Letter(
        _("Des modifications sont demandées : « %(title)s »"),
        _(
            "La modération a lu « %(title)s » et vous demande quelques modifications. "
            "Votre texte est gardé : reprenez-le, puis renvoyez-le."
        ),
        _("Reprendre mon texte"),
    ),
    State.ACCEPTED: Letter(
        _("« %(title)s » est en ligne"),
        _("Merci ! Votre proposition « %(title)s » est publiée. Tout le monde peut la lire."),
        _("Voir la page"),
    ),
    State.REFUSED: Letter(
        _("« %(title)s » n’a pas été retenue"),
        _(
            "La modération n’a pas retenu votre proposition « %(title)s ». "
            "Votre texte reste à votre disposition."
        ),
        _("Revoir ma proposition"),
    ),
}


def tell_author(contribution: Contribution, *, comment: str = "") -> None:
    """Write to the author about the state that the contribution just reached."""
    letter = LETTERS.get(contribution.state)
    if letter is None or not contribution.address:
        return
    author = contribution.author
    language = author.language if author else contribution.language
    with translation.override(language):
        notify(
            "contribution_step",
            to=contribution.address,
            subject=letter.subject % {"title": contribution.title[:100]},
            language=language,
            context={
                "text": letter.text % {"title": contribution.title},
                "comment": comment,
                "action": letter.action,
                "url": _url(contribution),
                "name": author.display_name if author else contribution.name,
            },
        )


def confirmation_key(contribution: Contribution) -> str:
    """What the confirmation link holds: good for this contribution, this address, three days."""
    return signing.dumps([contribution.pk, _mark(contribution)], salt=_SALT)


def read_confirmation_key(key: str) -> Contribution | None:
    """The contribution of a confirmation link that is ours, recent, and of its present address."""
    try:
        pk, mark = signing.loads(key, salt=_SALT, max_age=CONFIRM_SECONDS)
    except signing.BadSignature:
        return None
    found = Contribution.objects.filter(pk=pk).exclude(email="").first()
    return found if found and _mark(found) == mark else None


def _mark(contribution: Contribution) -> str:
    """What stands for the e-mail address in a link, which servers write in their journals."""
    return salted_hmac(_SALT, f"{contribution.token}{contribution.email}").hexdigest()[:16]


def _url(contribution: Contribution) -> str:
    if contribution.state == State.ACCEPTED and contribution.page:
        return contribution.page.full_url
    kind = kinds.find(contribution.kind)
    if contribution.state == State.UNCONFIRMED:
        path = kinds.address(kind, "confirm", confirmation_key(contribution))
    elif contribution.author_id and contribution.state != State.CHANGES_ASKED:
        path = reverse("my_contributions")
    else:
        path = kinds.address(kind, "draft", contribution.token)
    return settings.SITE_URL + path
