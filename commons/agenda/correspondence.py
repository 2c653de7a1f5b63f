"""Write to those registered: an organiser's message, once to each person, whatever is clicked."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from commons.agenda.letters import Kind, tell_once
from commons.agenda.models import Audience, Message, Registration, Session, State
from commons.agenda.organising import check_organiser, check_published
from commons.agenda.seats import locked
from commons.members.models import Member
from commons.pages.text import clean_line, clean_text
from commons.refused import Refused

MESSAGES_A_SESSION = 20


def readers(session: Session, audience: str) -> QuerySet[Registration]:
    """The people of `audience`; everybody registered are those who have a seat."""
    confirmed = session.registrations.confirmed()
    return {
        Audience.ALL: confirmed,
        Audience.WAITING: session.registrations.filter(state=State.WAITING),
        Audience.PRESENT: confirmed.filter(attended=True),
        Audience.ABSENT: confirmed.filter(attended=False),
    }[Audience(audience)]


@transaction.atomic
def write_to(session: Session, message: Message, *, by: Member) -> Message:
    """Send an unsaved `message` to each person of its audience; with the same token, once.

    Raises Refused when there is nobody to write to, or too many messages already.
    """
    session = locked(session)
    check_organiser(by, session.page)
    check_published(session.page)
    sent = Message.objects.filter(token=message.token).first()
    if sent is not None:
        return sent
    message.session, message.by = session, by
    message.subject, message.text = clean_line(message.subject)[:150], clean_text(message.text)
    if not (message.subject and message.text):
        raise Refused(_("Écrivez un objet et un message."))
    if session.messages.count() >= MESSAGES_A_SESSION:
        raise Refused(_("Vous avez déjà écrit vingt fois pour cette séance : c’est le plus."))
    people = readers(session, message.audience)
    people = list(people.select_related("member", "session__page", "session__replay"))
    if not people:
        raise Refused(_("Personne ne correspond : choisissez d’autres destinataires."))
    message.save()
    # A name that they chose to show, and never their own address.
    name = session.contact_name or by.display_name
    said = {"subject": message.subject, "text": message.text, "by": name}
    for registration in people:
        tell_once(registration, Kind.MESSAGE, about=f"message:{message.pk}", **said)
    data = {"session": session.pk, "people": len(people)}
    log(instance=session.page, action="agenda.message", user=by, data=data)
    return message
