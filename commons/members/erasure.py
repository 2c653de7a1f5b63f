"""Erase a person: texts that name them, rows that refer to them, then the account itself."""

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.db import OperationalError, connection, transaction
from django.db.models import FileField, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, TaskState

from commons.members.background_delivery import background
from commons.members.cached_values import delete_values_containing
from commons.members.mail_erasure import remove_from_mails
from commons.members.models import Member
from commons.members.notifications import compose
from commons.members.outbox import default_headers
from commons.members.page_erasure import reindex, remove_from_pages, written_by
from commons.members.privacy import CLEARED_WITH, OnErasure, Person, linked_to, resolve_field
from commons.members.text_removal import (
    address_pattern,
    long_names,
    name_pattern,
    remove_everywhere,
    remove_from,
)
from commons.refused import Refused
from search.contract import erase_words

Sender = Callable[[EmailMultiAlternatives], object]
# Where others may have named the person, in messages or remarks of a few lines.
FREE_TEXT_COLUMNS = [
    *("agenda.Message.subject", "agenda.Message.text", "agenda.Session.contact_name"),
    *("contributions.ContributionEvent.comment", "wagtailcore.TaskState.comment"),
    *("wagtailcore.Comment.text", "wagtailcore.CommentReply.text"),
    *("wagtailcore.PageLogEntry.data", "wagtailcore.ModelLogEntry.data"),
]


def send_in_background(message: EmailMultiAlternatives) -> None:
    background.enqueue_unstored(message)


class ErasureEffect(NamedTuple):
    """One effect of erasing an account: a sentence, and the titles concerned."""

    sentence: str
    lines: list[str]


def erasure_effects(member: Member) -> list[ErasureEffect]:
    """The effects of erasing `member`, as the `announce_erasure` hooks list them."""
    person = Person.of(member)
    effects = [
        ErasureEffect(*announced)
        for announce in hooks.get_hooks("announce_erasure")
        for announced in announce(person)
    ]
    return [effect for effect in effects if effect.lines]


@transaction.atomic
def erase(
    member: Member, *, keep_credit: bool = False, send_farewell: Sender | None = send_in_background
) -> Counter:
    """Erase `member` for ever; how many rows each declared name lost or freed.

    `keep_credit` leaves the displayed name, as plain text, on the pages that already show it;
    otherwise it is taken out of them, drafts and history included. `send_farewell` sends the one
    message that says what was erased, which is stored nowhere; None says nothing.
    """
    # Whoever comes second finds nobody. Who signs up meanwhile does not wait for the whole.
    account = Member.objects.select_for_update(no_key=True).filter(pk=member.pk).first()
    if account is None:
        return Counter()
    if account.is_superuser and not _other_administrators(account).exists():
        raise Refused(_("Vous êtes seul à administrer le site : nommez d’abord quelqu’un d’autre."))
    person = Person.of(account)
    done, ended = _erase(person, keep_credit=keep_credit)
    account.delete()
    if send_farewell and account.email.lower() in person.addresses:
        message = _farewell(account, ended)
        transaction.on_commit(lambda: send_farewell(message), robust=True)
    return done


@transaction.atomic
def erase_address(address: str) -> Counter:
    """Erase for ever what was sent and signed up from `address` without an account."""
    return _erase(Person.at(address), keep_credit=False)[0]


def _erase(person: Person, *, keep_credit: bool) -> tuple[Counter, list[str]]:
    """What was lost or freed, and in words what ended, such as a registration."""
    done, ended = _count(person), []
    written = list(written_by(person).values_list("pk", flat=True))
    # Sections first cancel what they hold, for instance so that seats go to the waiting list.
    for end in hooks.get_hooks("erase_person"):
        ended += end(person)
    remove_from_pages(written, person, keep_credit=keep_credit)
    _clear_logs(person, written)
    _free_relations(person)
    remove_from_mails(person)
    _end_sessions(person)
    delete_values_containing(person.addresses)
    if person.addresses:
        pattern = address_pattern(person.addresses)
        changed = remove_everywhere(person.addresses, pattern)
        touched = {n for m, ns in changed.items() if issubclass(m, Page) for n in ns}
        reindex(touched)
    _remove_names(person)
    erase_words(*person.names)
    if connection.vendor == "sqlite":
        transaction.on_commit(_truncate_wal, robust=True)
    return done, ended


def _other_administrators(member: Member):
    return Member.objects.filter(is_superuser=True, is_active=True).exclude(pk=member.pk)


def _count(person: Person) -> Counter:
    done = Counter()
    for name, _fate, rows, _empty in linked_to(person):
        done[name] += rows.count()
    return +done


def _free_relations(person: Person) -> None:
    for name, fate, rows, empty in linked_to(person):
        if fate is OnErasure.DELETE:
            _delete_files(rows)
            rows.delete()
        else:
            model, field = resolve_field(name)
            rows.update(**{field: empty, **CLEARED_WITH.get(model._meta.label, {})})


def _delete_files(rows: QuerySet) -> None:
    """Those that the rows name, such as a portrait, once nothing brings the rows back."""
    columns = [f for f in rows.model._meta.concrete_fields if isinstance(f, FileField)]
    for column in columns:
        for name in rows.exclude(**{column.name: ""}).values_list(column.name, flat=True):
            transaction.on_commit(partial(column.storage.delete, name), robust=True)


def _clear_logs(person: Person, pages: list[int]) -> None:
    """Delete moderation comments on their pages and by them, and log labels that are their name."""
    about = Q(page_id__in=pages)
    if person.member:
        about |= Q(user=person.member)
        kind = ContentType.objects.get_for_model(Member)
        themselves = {"content_type": kind, "object_id": str(person.member.pk)}
        ModelLogEntry.objects.filter(**themselves).delete()
        ReferenceIndex.objects.filter(
            to_content_type=kind, to_object_id=str(person.member.pk)
        ).delete()
    for entry in PageLogEntry.objects.filter(about):
        if "comment" in entry.data:
            data = {name: held for name, held in entry.data.items() if name != "comment"}
            PageLogEntry.objects.filter(pk=entry.pk).update(data=data)
    numbers = [str(number) for number in pages]
    TaskState.objects.filter(workflow_state__object_id__in=numbers).update(comment="")
    for log_model in (ModelLogEntry, PageLogEntry):
        log_model.objects.filter(label__in=person.names).update(label="—")


def _end_sessions(person: Person) -> None:
    """Sign them out everywhere: a session names its member, and the address they signed in with."""
    for session in Session.objects.iterator():
        data = session.get_decoded()
        own = person.member and str(data.get("_auth_user_id")) == str(person.member.pk)
        serialized = json.dumps(data, default=str).lower()
        if own or any(address in serialized for address in person.addresses):
            session.delete()


def _remove_names(person: Person) -> None:
    """Remove a name of several words from the comments and messages of other people."""
    names = long_names(person.names)
    if not names:
        return
    pattern = name_pattern(names)
    for remark in FREE_TEXT_COLUMNS:
        model, field = resolve_field(remark)
        list(remove_from(model._base_manager.all(), model._meta.get_field(field), names, pattern))


def _truncate_wal() -> None:
    """Truncate SQLite's write-ahead log, which would still hold the deleted data."""
    # A concurrent reader prevents it; the next checkpoint truncates the log.
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _farewell(member: Member, ended: list[str]) -> EmailMultiAlternatives:
    with translation.override(member.language):
        return compose(
            "farewell",
            to=member.email,
            subject=_("Votre compte est supprimé"),
            language=member.language,
            context={"name": member.display_name, "ended": ended},
            headers=default_headers(),
        )
