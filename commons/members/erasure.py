"""Erase a person: what names them, what points at them, then the account itself."""

from collections import Counter

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision
from wagtail.search.index import insert_or_update_object

from commons.members.accounts import confirmed_addresses
from commons.members.models import Member, OutgoingMail
from commons.members.privacy import WITH_THEM, Fate, linked_to, located
from commons.pages.generation import change
from commons.pages.models import ContributedPage
from commons.refused import Refused
from search import index
from search.forgetting import forget_words


@transaction.atomic
def erase(member: Member, *, keep_credit: bool = False) -> Counter:
    """Erase `member` for ever; how many rows each declared name lost or freed.

    `keep_credit` leaves the displayed name, as plain text, on the pages that already show it;
    otherwise it is taken out of them, drafts and history included.
    """
    # Whoever comes second finds nobody.
    found = Member.objects.select_for_update().filter(pk=member.pk).first()
    if found is None:
        return Counter()
    if found.is_superuser and not _other_administrators(found).exists():
        raise Refused(_("Vous êtes seul à administrer le site : nommez d’abord quelqu’un d’autre."))
    _rewrite_credits(found, keep=keep_credit)
    addresses = list(confirmed_addresses(found))
    done = _free_relations(found)
    _forget_traces(found, addresses)
    found.delete()
    forget_words(found.display_name)
    return done


def _other_administrators(member: Member):
    return Member.objects.filter(is_superuser=True, is_active=True).exclude(pk=member.pk)


def _free_relations(member: Member) -> Counter:
    done = Counter()
    for name, fate, rows, empty in linked_to(member):
        count = rows.count()
        if count and fate is Fate.DELETE:
            rows.delete()
        elif count:
            model, field = located(name)
            rows.update(**{field: empty, **WITH_THEM.get(model._meta.label, {})})
        done[name] += count
    return +done


def _forget_traces(member: Member, addresses: list[str]) -> None:
    """What no foreign key shows: the journal's labels and the mail that waits or just left."""
    for address in addresses:
        OutgoingMail.objects.filter(to__icontains=f'"{address}"').delete()
    kind = ContentType.objects.get_for_model(Member)
    ModelLogEntry.objects.filter(content_type=kind, object_id=str(member.pk)).delete()
    named = Q(label__icontains=member.email)
    if member.display_name:
        named |= Q(label=member.display_name)
    for journal in (ModelLogEntry, PageLogEntry):
        journal.objects.filter(named).update(label="—")


def _rewrite_credits(member: Member, *, keep: bool) -> None:
    written = Page.objects.filter(Q(owner=member) | Q(page_authors__member=member)).distinct()
    for page in written.specific():
        if not isinstance(page, ContributedPage):
            continue
        signed = page.page_authors.filter(member=member).exists()
        page.credit = credit_without(page.credit, member, signed=signed, keep=keep)
        type(page).objects.filter(pk=page.pk).update(credit=page.credit)
        change()  # `update` sends no signal
        for revision in Revision.objects.for_instance(page):
            content = _content_without(revision.content, member, keep=keep)
            Revision.objects.filter(pk=revision.pk).update(content=content)
        index.refresh([page.pk])
        insert_or_update_object(page)  # the admin's own index


def _content_without(content: dict, member: Member, *, keep: bool) -> dict:
    authors = content.get("page_authors") or []
    others = [row for row in authors if row.get("member") != member.pk]
    credit = credit_without(
        content.get("credit", ""), member, signed=len(others) < len(authors), keep=keep
    )
    owner = None if content.get("owner") == member.pk else content.get("owner")
    return content | {"page_authors": others, "credit": credit, "owner": owner}


def credit_without(credit: str, member: Member, *, signed: bool, keep: bool) -> str:
    """`credit` once `member` is gone: a name that was shown stays if `keep`, else it leaves."""
    name = member.display_name
    names = [part.strip() for part in credit.split(",") if part.strip()]
    if not name or (keep and not signed):
        return credit
    names = [part for part in names if part != name]
    return ", ".join([*names, name] if keep else names)[:200]
