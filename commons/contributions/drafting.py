"""Save drafts as they are typed, find them by token, delete abandoned ones."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.contributions import rate_limits, transitions
from commons.contributions.models import UNSENT, Contribution, State
from commons.members.accounts import lock_account
from commons.members.models import Member
from commons.pages.text import clean_email, clean_line
from commons.refused import Refused

KEPT_DAYS = 90  # an unsent draft that nobody touched


@dataclass(frozen=True)
class Visitor:
    """Somebody without an account: the name and address they typed, and their network address."""

    name: str = ""
    email: str = ""
    source: str = ""


def find(token: str, *, reader) -> Contribution | None:
    """The contribution behind a private link; a member's is found by that member only."""
    contribution = Contribution.objects.select_related("author", "page").filter(token=token).first()
    if contribution is None or (contribution.author_id and contribution.author_id != reader.pk):
        return None
    return contribution


@transaction.atomic
def save_draft(
    *,
    token: str,
    kind: str,
    data: dict[str, list[str]],
    language: str,
    by: Member | Visitor,
) -> Contribution | None:
    """Store the form as typed under its token; the same token twice is the same draft.

    A visitor's name and address may change until they are confirmed.
    None when the token belongs to somebody else or to another kind. Raises Refused once decided,
    when it is too long, and when too many come at once.
    """
    author = None if isinstance(by, Visitor) else by
    if author is not None:
        lock_account(author)
    contribution = Contribution.objects.select_for_update().filter(token=token).first()
    rate_limits.check_length(data)
    _count(contribution, data, by=by)
    if contribution is None:
        first = {"kind": kind, "data": data, "author": author, "language": language}
        contribution, _new = Contribution.objects.get_or_create(token=token, defaults=first)
        contribution = transitions.locked(contribution)
    if contribution.kind != kind or (
        contribution.author_id and contribution.author_id != getattr(author, "pk", None)
    ):
        return None
    if not contribution.is_open:
        raise Refused(_("Cette contribution est close : elle ne peut plus être modifiée."))
    contribution.data = data
    if contribution.state in UNSENT and author is not None:
        contribution.author = author
    elif contribution.state in UNSENT:
        contribution.name, contribution.email = (
            clean_line(by.name[:1000])[:80],
            clean_email(by.email)[:254],
        )
    contribution.save()
    return contribution


def _count(contribution: Contribution | None, data: dict, *, by: Member | Visitor) -> None:
    """Count what is stored, by the network of a visitor or by the member."""
    anonymous = isinstance(by, Visitor)
    who = by.source if anonymous else f"member {by.pk}"
    most = rate_limits.ANONYMOUS_DRAFTS_AN_HOUR if anonymous else rate_limits.MEMBER_DRAFTS_AN_HOUR
    if who:
        grown = rate_limits.length_of(data) - (
            rate_limits.length_of(contribution.data) if contribution else 0
        )
        rate_limits.consume_draft(who, new=contribution is None, grown=grown, at_most=most)


def clear_drafts(*, dry_run: bool = False) -> int:
    """Delete the unsent drafts that nobody touched for `KEPT_DAYS`; how many."""
    limit = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    old = Contribution.objects.filter(state__in=[*UNSENT, State.WITHDRAWN], updated_at__lt=limit)
    return old.count() if dry_run else old.delete()[1].get("contributions.Contribution", 0)
