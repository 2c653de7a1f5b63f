"""Whether a session may be joined now, and the sentence that says why not."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.agenda.availability import Phase, phase, seats_of
from commons.agenda.models import Registration, Session, State
from commons.agenda.waiting_list import position
from commons.members.models import Member
from commons.pages.visibility import visible_pages
from commons.refused import Refused

REFUSALS = {
    Phase.ANNOUNCED: gettext_lazy("Les inscriptions ne sont pas encore ouvertes."),
    Phase.CLOSED: gettext_lazy("Les inscriptions sont closes."),
    Phase.UNDER_WAY: gettext_lazy("Cette séance a déjà commencé."),
    Phase.OVER: gettext_lazy("Cette séance est terminée."),
    Phase.REPLAY: gettext_lazy("Cette séance est terminée : regardez la rediffusion."),
    Phase.CANCELLED: gettext_lazy("Cette séance est annulée."),
    Phase.POSTPONED: gettext_lazy(
        "Cette séance est reportée : inscrivez-vous quand la nouvelle date sera connue."
    ),
    Phase.NO_SIGN_UP: gettext_lazy("Cette séance est sans inscription : venez librement."),
    Phase.ELSEWHERE: gettext_lazy("L’inscription à cette séance se fait sur un autre site."),
}
TOO_LATE = gettext_lazy("Le délai de 24 heures est passé : inscrivez-vous à nouveau.")


def readable_sessions(sessions: list[int], member: Member | None) -> set[int]:
    """Those of these sessions whose page the person may read."""
    pages = visible_pages(member or AnonymousUser()).filter(sessions__in=sessions)
    return set(pages.values_list("sessions", flat=True))


def check_readable(session: Session, readable: set[int]) -> None:
    if session.pk not in readable:
        raise Refused(_("Cette page n’est pas publiée."))


def check_open(session: Session, now: datetime.datetime, *, closed: bool = True):
    """The seats of a session that may be joined now; `closed` refuses after the deadline too."""
    seats = seats_of([session], now=now)[session.pk]
    stage = phase(session, seats, now)
    if stage in REFUSALS and (closed or stage != Phase.CLOSED):
        raise Refused(REFUSALS[stage])
    return seats


def check_may_wait(registration: Registration | None, stage: Phase, *, wait: bool) -> None:
    """Refuse who is on the list already, or cannot be put there."""
    if registration and registration.state == State.WAITING:
        sentence = _(
            "Cette personne est déjà sur la liste d’attente, en position %(position)s : "
            "donnez-lui une place en surnombre si besoin."
        )
        raise Refused(sentence % {"position": position(registration)})
    if not wait:
        raise Refused(
            _(
                "La séance est complète : mettez cette personne sur la liste d’attente, ou "
                "donnez-lui une place en surnombre."
            )
        )
    if stage not in {Phase.FULL, Phase.ANNOUNCED}:
        raise Refused(
            _("La liste d’attente n’avance plus : donnez une place en surnombre si besoin.")
        )
