"""Who came, noted at one stroke or one by one, and what was already written to them."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from commons.agenda.availability import lock_session
from commons.agenda.models import SentEmail, Session
from commons.agenda.permissions import check_organiser
from commons.members.models import Member
from commons.refused import Refused

MOST = 5000  # people of a form
DIGITS = 18  # that a number of a row may have


@transaction.atomic
def mark_attendance(
    session: Session,
    *,
    by: Member | None,
    present: Collection[int] = (),
    absent: Collection[int] = (),
    unknown: Collection[int] = (),
) -> None:
    """Note who came, who did not and of whom nobody knows, by the numbers of their registrations.

    The others stay as they are: somebody else may be noting them. What names no confirmed
    registration of this session is ignored.
    """
    session = lock_session(session)
    check_organiser(by, session.page)
    if timezone.now() < session.starts_at:
        raise Refused(_("Notez les présences à partir du début de la séance."))
    confirmed = session.registrations.confirmed()
    confirmed.filter(pk__in=present).update(attended=True)
    confirmed.filter(pk__in=absent).exclude(pk__in=present).update(attended=False)
    confirmed.filter(pk__in=unknown).exclude(pk__in=[*present, *absent]).update(attended=None)
    log(instance=session.page, action="agenda.attendance", user=by, data={"session": session.pk})


@transaction.atomic
def mark_everybody_present(session: Session, *, by: Member | None) -> None:
    """Note that those who have a seat came, but who was noted absent: one click loses nothing.

    Raises Refused as `mark_attendance` does.
    """
    session = lock_session(session)
    confirmed = session.registrations.confirmed().exclude(attended=False)
    present = list(confirmed.values_list("pk", flat=True))
    mark_attendance(session, by=by, present=present)


def parse_attendance(posted: Mapping[str, str]) -> dict[str, list[int]]:
    """What a form says of each person: the numbers of those present, absent, unknown."""
    fields = [(key[5:], value) for key, value in posted.items() if key.startswith("came-")]
    numbered = [
        (int(key), value) for key, value in fields if key.isdecimal() and len(key) <= DIGITS
    ]
    return {
        word: [number for number, value in numbered[:MOST] if value == answer]
        for word, answer in (("present", "yes"), ("absent", "no"), ("unknown", ""))
    }


def count_replay_emails(session: Session) -> int:
    """How many were told of the replay already, as present or absent as they were noted then."""
    emails = SentEmail.objects.filter(registration__session=session, about__startswith="replay:")
    return emails.values("registration").distinct().count()
