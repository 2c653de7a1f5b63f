"""Change the state of a contribution, under a lock and only as `TRANSITIONS` allows."""

from django.utils import timezone
from django.utils.translation import gettext as _

from commons.contributions.models import (
    TRANSITIONS,
    UNSENT,
    Contribution,
    ContributionEvent,
    State,
)
from commons.refused import Refused


def locked(contribution: Contribution) -> Contribution:
    """The contribution as it is now, locked until the end of the caller's transaction."""
    return Contribution.objects.select_for_update().get(pk=contribution.pk)


def move(contribution: Contribution, state: State, *, by=None, comment: str = "") -> None:
    """Change the state, with its date and author. Raises Refused if `TRANSITIONS` forbids it."""
    before = State(contribution.state)
    if state not in TRANSITIONS[before]:
        raise Refused(
            _("Cette contribution est dans l’état « %(state)s » : ce n’est plus possible.")
            % {"state": before.label}
        )
    contribution.state = state
    if before in UNSENT:
        contribution.submitted_at = timezone.now()
    if not TRANSITIONS[state]:
        contribution.decided_at = timezone.now()
    contribution.save()
    ContributionEvent.objects.create(contribution=contribution, state=state, by=by, comment=comment)
