"""What is not kept of those who signed up: a year after the end, nobody need know any more."""

import datetime

from django.db.models import Q
from django.utils import timezone

from commons.agenda.models import Message, Registration, Session, State

KEPT = datetime.timedelta(days=365)
# Nobody answered at that address: somebody else may have written it.
UNANSWERED_KEPT = datetime.timedelta(days=30)


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Delete who signed up for, and what was written about, sessions over for so long."""
    limit = timezone.now() - KEPT
    recent = Q(occurrences__ends_at__gt=limit) | Q(ends_at__gt=limit)
    over = Session.objects.exclude(pk__in=Session.objects.filter(recent).values("pk"))
    unanswered = Q(state=State.EXPIRED, updated_at__lt=timezone.now() - UNANSWERED_KEPT)
    registrations = Registration.objects.filter(Q(session__in=over) | unanswered)
    messages = Message.objects.filter(session__in=over)
    done = {"registrations": registrations.count(), "messages": messages.count()}
    if not dry_run:
        registrations.delete()
        messages.delete()
    return done
