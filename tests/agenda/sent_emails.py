"""The emails about a session in the order of its lock, compared with its waiting list."""

from commons.agenda.email_sentences import EMAIL_TEXTS
from commons.agenda.emails import Kind
from commons.agenda.models import Session
from commons.agenda.waiting_list import positions
from commons.members.models import OutgoingMail


def emails_of(session: Session) -> list[tuple[Kind, str]]:
    """(kind, address) of each email about `session`: rows are numbered behind its lock."""
    title = {"title": session.title, "when": ""}
    kinds = {str(words.subject) % title: kind for kind, words in EMAIL_TEXTS.items() if words.text}
    rows = OutgoingMail.objects.order_by("pk").values_list("subject", "to")
    return [(kinds[subject], to[0]) for subject, to in rows if subject in kinds]


def waiting_list_of(session: Session) -> list[str]:
    """Who waits, in order, as the emails say it. Fails when one contradicts those before it.

    Whoever was promoted stood first, and no member took a seat while somebody waited.
    """
    queue, seated = [], set()
    for kind, address in emails_of(session):
        if kind == Kind.WAITING:
            assert address not in {*queue, *seated}, f"{address} waits twice"
            queue.append(address)
        elif kind == Kind.PROMOTED:
            assert queue[0] == address, f"{address} was promoted before {queue[0]}"
            seated.add(queue.pop(0))
        elif kind == Kind.CONFIRMED:
            assert address not in {*queue, *seated}, f"{address} is told twice"
            assert not queue or address.startswith("visitor"), f"{address} went before {queue}"
            seated.add(address)
        elif kind == Kind.ADDED:
            queue = [other for other in queue if other != address]
            seated.add(address)
        elif kind in {Kind.CANCELLED, Kind.REMOVED}:
            assert address in {*queue, *seated}, f"{address} left twice"
            seated.discard(address)
            queue = [other for other in queue if other != address]
    confirmed = session.registrations.confirmed().values_list("email", flat=True)
    assert seated == set(confirmed)
    return queue


def check_emails(session: Session) -> None:
    """The list is what the emails say, its places are 1, 2, 3…"""
    waiting = list(session.registrations.waiting())
    assert waiting_list_of(session) == [row.email for row in waiting]
    assert positions(session) == {row.pk: place for place, row in enumerate(waiting, 1)}
