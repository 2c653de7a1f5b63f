"""The e-mail to the author at each state: a subject, one or two sentences, one link."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from commons.contributions import registry
from commons.contributions.models import Contribution, State
from commons.contributions.names import name_for_email
from commons.members.notifications import notify
from commons.pages.dates import moment
from commons.pages.visibility import visible_pages

CONFIRM_SECONDS = 3 * 24 * 3600
_SALT = "commons.contributions.confirm"


@dataclass(frozen=True)
class StateEmail:
    subject: str
    text: str
    action: str


STATE_EMAILS = {
    State.UNCONFIRMED: StateEmail(
        # Nothing that was typed: the address may be that of somebody who asked for nothing.
        _("Confirmez votre proposition"),
        _(
            "Un texte est proposé avec votre adresse. Si c’est vous, confirmez avec le bouton "
            "ci-dessous, dans les trois jours. Sinon, ne faites rien : rien ne sera envoyé."
        ),
        _("Confirmer ma proposition"),
    ),
    State.IN_REVIEW: StateEmail(
        _("Nous avons bien reçu « %(title)s »"),
        _(
            "Merci ! La modération va lire votre proposition « %(title)s ». "
            "Vous recevrez un message à chaque étape."
        ),
        _("Suivre ma proposition"),
    ),
    State.CHANGES_ASKED: StateEmail(
        _("Des modifications sont demandées : « %(title)s »"),
        _(
            "La modération a lu « %(title)s » et vous demande quelques modifications. "
            "Votre texte est gardé : reprenez-le, puis renvoyez-le."
        ),
        _("Reprendre mon texte"),
    ),
    State.ACCEPTED: StateEmail(
        _("« %(title)s » est en ligne"),
        _("Merci ! Votre proposition « %(title)s » est publiée. Tout le monde peut la lire."),
        _("Voir la page"),
    ),
    State.REFUSED: StateEmail(
        _("« %(title)s » n’a pas été retenue"),
        _(
            "La modération n’a pas retenu votre proposition « %(title)s ». "
            "Votre texte reste à votre disposition."
        ),
        _("Revoir ma proposition"),
    ),
}


ACCEPTED_NOT_PUBLIC = StateEmail(
    _("« %(title)s » est acceptée"),
    _("Merci ! Votre proposition « %(title)s » est acceptée. Elle n’est pas encore en ligne."),
    _("Suivre ma proposition"),
)
ACCEPTED_SCHEDULED = StateEmail(
    _("« %(title)s » est acceptée"),
    _("Merci ! Votre proposition « %(title)s » est acceptée. Elle paraîtra le %(date)s."),
    _("Suivre ma proposition"),
)


def email_author(contribution: Contribution, *, comment: str = "") -> None:
    """Write to the author about the state that the contribution just reached."""
    if contribution.state not in STATE_EMAILS or not contribution.address:
        return
    author = contribution.author
    language = author.language if author else contribution.language
    with translation.override(language):
        email, date = _email_for_state(contribution)
        values = {"title": contribution.title, "date": date}
        notify(
            "contribution_step",
            to=contribution.address,
            subject=email.subject % {**values, "title": contribution.title[:100]},
            language=language,
            context={
                "text": email.text % values,
                "comment": comment,
                "action": email.action,
                "url": _url(contribution),
                "name": author.display_name if author else name_for_email(contribution.name),
            },
        )


def _email_for_state(contribution: Contribution) -> tuple[StateEmail, str]:
    """The e-mail for the current state, and the publication date if the page is scheduled.

    « En ligne » is written only if everybody can read the page at this moment.
    """
    if contribution.state != State.ACCEPTED or is_public(contribution):
        return STATE_EMAILS[contribution.state], ""
    page = Page.objects.filter(pk=contribution.page_id).first()
    if page and not page.live and page.go_live_at and page.go_live_at > timezone.now():
        return ACCEPTED_SCHEDULED, moment(page.go_live_at)
    return ACCEPTED_NOT_PUBLIC, ""


def is_public(contribution: Contribution) -> bool:
    """Whether everybody can read the page of the contribution at this moment."""
    return visible_pages(AnonymousUser()).filter(pk=contribution.page_id).exists()


def confirmation_key(contribution: Contribution) -> str:
    """The signed key of the confirmation link: one contribution, one address, three days."""
    return signing.dumps([contribution.pk, _address_digest(contribution)], salt=_SALT)


def read_confirmation_key(key: str) -> Contribution | None:
    """The contribution of a valid confirmation key, if its address has not changed since."""
    try:
        pk, mark = signing.loads(key, salt=_SALT, max_age=CONFIRM_SECONDS)
    except signing.BadSignature:
        return None
    contribution = Contribution.objects.filter(pk=pk).exclude(email="").first()
    return contribution if contribution and _address_digest(contribution) == mark else None


def _address_digest(contribution: Contribution) -> str:
    """A digest that replaces the e-mail address in the link, since links end up in logs."""
    return salted_hmac(_SALT, f"{contribution.token}{contribution.email}").hexdigest()[:16]


def _url(contribution: Contribution) -> str:
    if contribution.state == State.ACCEPTED and is_public(contribution):
        return Page.objects.get(pk=contribution.page_id).full_url
    kind = registry.find(contribution.kind)
    if contribution.state == State.UNCONFIRMED:
        path = registry.address(kind, "confirm", confirmation_key(contribution))
    elif contribution.author_id and contribution.state != State.CHANGES_ASKED:
        path = reverse("my_contributions")
    else:
        path = registry.address(kind, "draft", contribution.token)
    return settings.SITE_URL + path
