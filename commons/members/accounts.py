"""Open an account, complete a sign-up, change a profile: what an account is made of."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from commons.members.consents import give, withdraw
from commons.members.models import Member, Purpose
from commons.pages.text import clean_email, clean_line
from commons.refused import Refused


@transaction.atomic
def open_account(
    email: str, *, display_name: str = "", groups: Iterable[str] = (), password: str | None = None
) -> Member:
    """The account at `email`, made or brought up to date, with its address confirmed.

    Without `password` the person chooses one through the forgotten-password page.
    """
    email = clean_email(email)
    member = Member.objects.filter(email__iexact=email).first()
    if member is None:
        member = Member.objects.create_user(email)
    member.display_name = clean_line(display_name)[:80] or member.display_name
    if password:
        member.set_password(password)
    member.save()
    member.groups.add(*Group.objects.filter(name__in=list(groups)))
    confirm_address(member)
    return member


def confirm_address(member: Member) -> None:
    """Make the member's e-mail their only address, confirmed: an administrator entered it."""
    EmailAddress.objects.filter(user=member).exclude(email__iexact=member.email).delete()
    EmailAddress.objects.update_or_create(
        user=member, email=member.email, defaults={"verified": True, "primary": True}
    )


def confirmed_addresses(member) -> QuerySet:
    """The addresses that `member` has shown to be theirs, in lower case; none for a visitor.

    Only these tie an account to what was sent without one: anybody may open an account with a
    stranger's address, and an administrator may make one. A query set, hence a subquery in others.
    """
    own = EmailAddress.objects.filter(user=member.pk, verified=True)
    return own.order_by().values_list(Lower("email"), flat=True)


def lock_account(member: Member) -> None:
    """Lock the account, so that it is not erased while the caller's transaction runs.

    Comes before any other lock, as in `erase`. Raises Refused when the account is gone: a row that
    names it could not be kept.
    """
    # Without the key, as `erase` does: rows that only point at the account are not kept waiting.
    if Member.objects.select_for_update(no_key=True).filter(pk=member.pk).first() is None:
        raise Refused(_("Votre compte vient d’être supprimé : rien n’est enregistré."))


@transaction.atomic
def complete_sign_up(
    member: Member, *, display_name: str, language: str, consents: Iterable[str]
) -> None:
    """Store what sign-up asks beyond e-mail and password; each consent gets its own date."""
    lock_account(member)
    member.display_name = clean_line(display_name)[:80]
    member.language = language
    member.save(update_fields=["display_name", "language"])
    for purpose in consents:
        give(purpose, member=member)


@transaction.atomic
def change_profile(member: Member, *, display_name: str, language: str) -> None:
    """Change how the member is shown and written to."""
    lock_account(member)
    member.display_name = clean_line(display_name)[:80]
    member.language = language
    member.save(update_fields=["display_name", "language"])


@transaction.atomic
def choose_credit(member: Member, *, credited: bool) -> None:
    """Give or withdraw the consent to be credited by name. Idempotent."""
    lock_account(member)
    (give if credited else withdraw)(Purpose.CREDIT, member=member)


def may_be_credited(member: Member) -> bool:
    """Whether the member's name may be shown on the pages that they wrote."""
    return member.consents.active().filter(purpose=Purpose.CREDIT).exists()
