"""Who came, noted at one stroke or one by one, and what was already written to them."""

from collections.abc import Mapping

from django.db import transaction

from commons.agenda.models import Letter, Session
from commons.agenda.registration import mark_attendance
from commons.agenda.seats import locked
from commons.members.models import Member

MOST = 5000  # people of a form
DIGITS = 18  # that a number of a row may have


@transaction.atomic
def mark_everybody_present(session: Session, *, by: Member | None) -> None:
    """Note that all those who have a seat came. Raises Refused as `mark_attendance` does."""
    session = locked(session)
    present = list(session.registrations.confirmed().values_list("pk", flat=True))
    mark_attendance(session, by=by, present=present)


def noted(posted: Mapping[str, str]) -> dict[str, list[int]]:
    """What a form says of each person: the numbers of those present, absent, unknown."""
    said = [(key[5:], value) for key, value in posted.items() if key.startswith("came-")]
    known = [(int(key), value) for key, value in said if key.isdecimal() and len(key) <= DIGITS]
    return {
        word: [number for number, value in known[:MOST] if value == answer]
        for word, answer in (("present", "yes"), ("absent", "no"), ("unknown", ""))
    }


def told_of_replay(session: Session) -> int:
    """How many were told of the replay already, as present or absent as they were noted then."""
    letters = Letter.objects.filter(registration__session=session, about__startswith="replay:")
    return letters.values("registration").distinct().count()
