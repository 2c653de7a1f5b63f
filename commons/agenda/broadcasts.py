"""Write to those registered: an organiser's message, once to each person, whatever is clicked."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from commons.agenda import emails
from commons.agenda.availability import lock_session
from commons.agenda.emails import Kind
from commons.agenda.models import Audience, Message, Registration, SentEmail, Session, State
from commons.agenda.permissions import check_organiser, check_published
from commons.members.accounts import lock_account
from commons.members.models import Member
from commons.pages.text import clean_line, clean_text
from commons.refused import Refused

MESSAGES_A_SESSION = 20


def recipients(session: Session, audience: str) -> QuerySet[Registration]:
    """The people of `audience`; everybody registered are those who have a seat."""
    confirmed = session.registrations.confirmed()
    return {
        Audience.ALL: confirmed,
        Audience.WAITING: session.registrations.filter(state=State.WAITING),
        Audience.PRESENT: confirmed.filter(attended=True),
        Audience.ABSENT: confirmed.filter(attended=False),
    }[Audience(audience)]


class AlreadySent(Refused):
    """The form served for another message: this one has not left."""


@dataclass(frozen=True)
class Preview:
    """What is about to leave, to how many, and how many do not read it so."""

    subject: str
    body: str
    people: int
    muted: int
    unconfirmed: int  # those of them who get a notice in its stead


def preview(session: Session, message: Message, *, by: Member) -> Preview:
    """An unsaved `message` as one of its readers would get it.

    Raises Refused as `send_message` does.
    """
    check_organiser(by, session.page)
    _clean(message)
    registrations = _checked_recipients(session, message)
    state = State.WAITING if message.audience == Audience.WAITING else State.CONFIRMED
    # Nobody's: a link of the email opens the registration of its reader.
    example = Registration(session=session, name=by.display_name or "…", state=state)
    example.token, example.language = "exemple", session.language
    content = {"subject": message.subject, "text": message.text, "by": _sender_name(session, by)}
    body = emails.preview(example, **content)
    muted = recipients(session, message.audience).filter(muted=True).count()
    return Preview(
        message.subject, body, registrations.count(), muted, registrations.unconfirmed().count()
    )


@transaction.atomic
def send_message(session: Session, message: Message, *, by: Member) -> Message:
    """Send an unsaved `message` to each person of its audience; with the same token, once.

    Raises Refused when there is nobody to write to, or too many messages already; AlreadySent
    when the token is that of a message which says something else.
    """
    lock_account(by)
    session = lock_session(session)
    check_organiser(by, session.page)
    _clean(message)
    sent = Message.objects.filter(token=message.token).first()
    if sent is not None:
        content = (session.pk, message.audience, message.subject, message.text)
        if content != (sent.session_id, sent.audience, sent.subject, sent.text):
            raise AlreadySent(
                _("Votre message précédent est déjà parti. Relisez celui-ci avant de l’envoyer.")
            )
        return sent
    registrations = _checked_recipients(session, message)
    message.session, message.by = session, by
    registrations = list(registrations.select_related("member", "session__page", "session__replay"))
    message.save()
    email = {"subject": message.subject, "text": message.text, "by": _sender_name(session, by)}
    for registration in registrations:
        emails.send_once(registration, Kind.MESSAGE, about=_about(message), **email)
    data = {"session": session.pk, "people": len(registrations)}
    log(instance=session.page, action="agenda.message", user=by, data=data)
    return message


def send_held(registration: Registration) -> None:
    """Write again to somebody whose address has answered what was only announced to it."""
    session, marks = registration.session, registration.sent_emails.values_list("about", flat=True)
    announced = set(marks)
    for message in session.messages.select_related("by").order_by("at", "pk"):
        if _about(message) in announced:
            email = {"subject": message.subject, "text": message.text}
            emails.send([registration], Kind.MESSAGE, by=_sender_name(session, message.by), **email)


def sent_message(message: Message) -> str:
    """To how many a message left."""
    count = SentEmail.objects.filter(about=_about(message)).count()
    return ngettext(
        "Votre message part à %(count)s personne.",
        "Votre message part à %(count)s personnes.",
        count,
    ) % {"count": count}


def _clean(message: Message) -> None:
    message.subject, message.text = clean_line(message.subject)[:150], clean_text(message.text)


def _checked_recipients(session: Session, message: Message) -> QuerySet[Registration]:
    """Who gets it; Refused when it cannot leave."""
    check_published(session.page)
    if not (message.subject and message.text):
        raise Refused(_("Écrivez un objet et un message."))
    if session.messages.count() >= MESSAGES_A_SESSION:
        raise Refused(_("Vous avez déjà écrit vingt fois pour cette séance : c’est le plus."))
    registrations = recipients(session, message.audience).filter(muted=False)
    if not registrations.exists():
        raise Refused(_("Personne ne correspond : choisissez d’autres destinataires."))
    return registrations


def _sender_name(session: Session, by: Member | None) -> str:
    """A name that they chose to show, and never their own address."""
    return session.contact_name or (by.display_name if by else "")


def _about(message: Message) -> str:
    return f"message:{message.pk}"
