"""Mail that survives a dead server: stored in the transaction, sent after it, retried."""

import base64
import contextlib
import datetime
import logging
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from email.utils import formatdate, make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from commons.members.models import OutgoingMail
from commons.pages.text import clean_line, clean_text

logger = logging.getLogger(__name__)

# A sender that died while sending lets go of its message after this long.
CLAIM_TIMEOUT = datetime.timedelta(minutes=10)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)
# One minute, two, four… then every six hours: about four days before giving up.
MAX_ATTEMPTS = 24
SENT_KEPT = datetime.timedelta(days=7)


_at_leisure: ContextVar[bool] = ContextVar("at_leisure", default=False)


@contextlib.contextmanager
def at_leisure() -> Iterator[None]:
    """Messages sent within are only stored, and leave with the next `run_due`.

    For what goes to many: nobody waits before a screen while hundreds of mails leave.
    """
    token = _at_leisure.set(True)
    try:
        yield
    finally:
        _at_leisure.reset(token)


class QueueBackend(BaseEmailBackend):
    """Stores each message in the current transaction, then tries it once it commits."""

    def send_messages(self, email_messages):
        ids = [
            store(message).pk
            for message in email_messages
            # Building it here refuses a forged header at once, like any other backend.
            if message.recipients() and message.message()
        ]
        if ids and not _at_leisure.get():
            transaction.on_commit(lambda: deliver(ids), robust=True)
        return len(ids)


def store(message) -> OutgoingMail:
    """Queue `message`; its identifier and date are fixed now, so that a repeat is seen as such."""
    headers = {"Message-ID": make_msgid(domain="localhost"), "Date": formatdate(localtime=True)}
    return OutgoingMail.objects.create(
        to=[str(address) for address in message.to],
        subject=clean_line(str(message.subject))[:250],
        content={
            "subject": clean_line(str(message.subject)),
            "body": clean_text(str(message.body)) + "\n",
            "from_email": str(message.from_email),
            "cc": [str(address) for address in message.cc],
            "bcc": [str(address) for address in message.bcc],
            "reply_to": [str(address) for address in message.reply_to],
            "headers": headers | {k: str(v) for k, v in message.extra_headers.items()},
            "alternatives": [
                [clean_text(str(content)), mimetype]
                for content, mimetype in getattr(message, "alternatives", None) or []
            ],
            "attachments": [_packed(attachment) for attachment in message.attachments],
        },
    )


def restored(mail: OutgoingMail, connection=None) -> EmailMultiAlternatives:
    """The message that `mail` was made from."""
    content = dict(mail.content)
    attachments = [
        (name, base64.b64decode(data), mimetype)
        for name, data, mimetype in content.pop("attachments")
    ]
    alternatives = [tuple(pair) for pair in content.pop("alternatives")]
    return EmailMultiAlternatives(
        to=mail.to,
        connection=connection,
        attachments=attachments,
        alternatives=alternatives,
        **content,
    )


def deliver_due(*, limit: int = 100) -> int:
    """Send at most `limit` messages whose time has come; how many left. Two may run at once."""
    ids = _claimable(timezone.now()).order_by("next_attempt_at", "pk").values_list("pk", flat=True)
    return deliver(list(ids[:limit]))


def deliver(ids: Iterable[int]) -> int:
    """Claim and send these messages until the first failure; how many left. No fault is raised."""
    connection = get_connection(settings.MAIL_TRANSPORT)
    sent = 0
    try:
        for pk in ids:
            mail = _claim(pk)
            if mail is None:
                continue
            if not _send(mail, connection):
                break
            sent += 1
    finally:
        try:
            connection.close()
        except Exception:
            logger.warning("The mail server did not say goodbye", exc_info=True)
    return sent


def purge_sent(*, dry_run: bool = False) -> int:
    """Delete messages sent, or given up, more than `SENT_KEPT` ago; how many."""
    limit = timezone.now() - SENT_KEPT
    old = OutgoingMail.objects.filter(
        Q(sent_at__lt=limit) | Q(attempts__gte=MAX_ATTEMPTS, next_attempt_at__lt=limit)
    )
    return old.count() if dry_run else old.delete()[0]


def _claimable(now):
    return OutgoingMail.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_TIMEOUT),
        sent_at=None,
        next_attempt_at__lte=now,
        attempts__lt=MAX_ATTEMPTS,
    )


def _claim(pk: int) -> OutgoingMail | None:
    """The message, marked as ours by one conditional UPDATE; None when somebody else has it."""
    now = timezone.now()
    taken = _claimable(now).filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1)
    return OutgoingMail.objects.filter(pk=pk).first() if taken else None


def _send(mail: OutgoingMail, connection) -> bool:
    ours = OutgoingMail.objects.filter(pk=mail.pk, claimed_at=mail.claimed_at)
    try:
        restored(mail, connection).send()
    except Exception as error:
        logger.warning("Mail %s was not sent: %s", mail.pk, error)
        wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 12), LONGEST_WAIT)
        ours.update(
            claimed_at=None,
            next_attempt_at=timezone.now() + wait,
            error=f"{type(error).__name__}: {error}"[:300],
        )
        return False
    ours.update(claimed_at=None, sent_at=timezone.now(), error="")
    return True


def _packed(attachment) -> list:
    """[name, base64, mimetype] from a (name, content, mimetype) tuple or a MIME part."""
    if isinstance(attachment, tuple):
        name, data, mimetype = attachment
    else:
        name, mimetype = attachment.get_filename(), attachment.get_content_type()
        data = attachment.get_payload(decode=True)
    data = data.encode() if isinstance(data, str) else bytes(data)
    return [name, base64.b64encode(data).decode(), mimetype]
