"""Who signs up: a name and an address made clean, and how often one may try."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from commons.contributions import rate_limits
from commons.members.accounts import confirmed_addresses
from commons.members.models import Member
from commons.pages.text import clean_email, clean_line
from commons.refused import Refused

SOURCE_AN_HOUR = 30  # sign-ups without account from one network address
HELD_AT_ONCE = 5  # unconfirmed seats of one session for one network address
ADDRESS_A_DAY = 20  # sign-ups for one e-mail address, hence mails that somebody else causes


@dataclass(frozen=True)
class Person:
    """Who signs up, cleaned: a member, or somebody with a name and an address to confirm."""

    name: str
    email: str
    language: str
    member: Member | None = None


def clean_person(
    *,
    name: str = "",
    email: str = "",
    member: Member | None = None,
    language: str = settings.LANGUAGE_CODE,
) -> Person:
    """A name on one line without a link, an address in lower case. Raises Refused."""
    name, email = clean_line(name)[:80], clean_email(email)
    if member is not None:
        if member.email.lower() not in confirmed_addresses(member):
            raise Refused(_("Confirmez d’abord votre adresse e-mail, dans « Mon compte »."))
        default_name = member.display_name or member.email.partition("@")[0]
        return Person(name or default_name, member.email.lower(), member.language, member)
    if not name:
        raise Refused(_("Écrivez un nom."))
    # It is written in a mail to an address that nobody has confirmed.
    if rate_limits.looks_like_a_link(name):
        raise Refused(_("Écrivez le nom seul, sans adresse de site."))
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("Écrivez une adresse e-mail valable.")) from error
    if len(email) > 254:
        raise Refused(_("Écrivez une adresse e-mail valable."))
    default_name = language in dict(settings.LANGUAGES)
    return Person(name, email, language if default_name else settings.LANGUAGE_CODE)


def source_digest(source: str) -> str:
    """What stands for a network address beside a seat that is held: nobody reads it back."""
    if not source:
        return ""
    network = rate_limits.network_of(source)
    return salted_hmac("commons.agenda.source", network, algorithm="sha256").hexdigest()


def count_attempt(person: Person, *, source: str) -> None:
    """Count the attempt, whatever comes of it: the answer tells nothing of who is registered.

    A member writes to nobody but themselves; their own row is their limit.
    """
    if person.member:
        return
    if source:
        try:
            rate_limits.consume("sign_up", source, at_most=SOURCE_AN_HOUR, seconds=3600)
        except Refused as refused:
            text = _("Trop d’inscriptions depuis votre connexion : réessayez dans une heure.")
            raise Refused(text) from refused
    try:
        rate_limits.consume("sign_up", person.email, at_most=ADDRESS_A_DAY, seconds=86_400)
    except Refused as refused:
        text = _("Trop d’inscriptions avec cette adresse e-mail : réessayez demain.")
        raise Refused(text) from refused
