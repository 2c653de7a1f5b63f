"""Delete what has passed its retention time: unconfirmed accounts, e-mails, sessions, cache."""

import datetime

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.utils import timezone

from commons.members.cached_values import delete_expired_values
from commons.members.erasure import erase
from commons.members.models import Member
from commons.members.outbox import purge_sent

UNCONFIRMED_KEPT = datetime.timedelta(days=30)


def unconfirmed():
    """Accounts opened long ago whose address nobody confirmed and that nobody ever used."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    return Member.objects.filter(
        date_joined__lt=timezone.now() - UNCONFIRMED_KEPT,
        last_login=None,
        is_superuser=False,
        groups=None,
    ).exclude(pk__in=confirmed)


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Delete what is past its time; how many of each."""
    members = list(unconfirmed())
    sessions = Session.objects.filter(expire_date__lt=timezone.now())
    done = {"members": len(members), "sessions": sessions.count()}
    if not dry_run:
        for member in members:
            erase(member, send_farewell=None)  # nobody answered at that address
        sessions.delete()
        delete_expired_values()
    return done | {"mails": purge_sent(dry_run=dry_run)}
