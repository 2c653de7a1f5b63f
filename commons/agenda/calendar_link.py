"""The private address of a member's calendar: make it, replace it, take it away, follow it."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commons.agenda.models import CalendarLink, new_token
from commons.members.accounts import lock_account
from commons.members.models import Member


@transaction.atomic
def renew(*, member: Member) -> CalendarLink:
    """A new address; the one before, if any, stops working."""
    lock_account(member)
    values = {"token": new_token(), "created_at": timezone.now()}
    return CalendarLink.objects.update_or_create(member=member, defaults=values)[0]


def revoke(*, member: Member) -> None:
    """No address works any more. Twice changes nothing."""
    CalendarLink.objects.filter(member=member).delete()


def member_of(token: str) -> Member | None:
    """Whose calendar stands at this address; nobody's once the account is closed."""
    links = CalendarLink.objects.select_related("member")
    link = links.filter(token=token[:64], member__is_active=True).first()
    return link.member if link else None


def address(link: CalendarLink) -> str:
    """Its path on the site."""
    return reverse("my_calendar", args=[link.token])
