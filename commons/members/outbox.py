"""The outbox: e-mails are stored in the current transaction, sent after it, and retried."""

import base64
import contextlib
import datetime
from collections.abc import Iterator
from contextvars import ContextVar
from email.utils import formatdate, make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from commons.members.background_delivery import background
from commons.members.delivery import MAX_ATTEMPTS
from commons.members.models import OutgoingMail
from commons.pages.text import clean_line, clean_text

SENT_KEPT = datetime.timedelta(days=7)


_deliver_later: ContextVar[bool] = ContextVar("deliver_later", default=False)


@contextlib.contextmanager
def deliver_later() -> Iterator[None]:
    """Messages sent inside this context are only stored; the next `run_due` delivers them.

    For e-mails to many people: this process goes on serving pages.
    """
    token = _deliver_later.set(True)
    try:
        yield
    finally:
        _deliver_later.reset(token)


class QueueBackend(BaseEmailBackend):
    """Stores each message in the current transaction; no request ever asks a mail server."""

    def send_messages(self, email_messages):
        ids = [
            store(message).pk
            for message in email_messages
            # Building it here refuses a forged header at once, like any other backend.
            if message.recipients() and message.message()
        ]
        if ids and not _deliver_later.get():
            transaction.on_commit(lambda: background.enqueue(ids), robust=True)
        return len(ids)


def store(message) -> OutgoingMail:
    """Store `message`; its identifier is fixed now, so that a repeat can be recognised."""
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
            "headers": default_headers() | {k: str(v) for k, v in message.extra_headers.items()},
            "alternatives": [
                [clean_text(str(content)), mimetype]
                for content, mimetype in getattr(message, "alternatives", None) or []
            ],
            "attachments": [_packed(attachment) for attachment in message.attachments],
        },
    )


def default_headers() -> dict[str, str]:
    """The headers of every message of the site.

    « Auto-Submitted » (RFC 3834) keeps answering machines from answering it.
    """
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": make_msgid(domain=host.encode("idna").decode()),
        "Date": formatdate(localtime=True),
        "Auto-Submitted": "auto-generated",
    }


def purge_sent(*, dry_run: bool = False) -> int:
    """Delete messages sent, or given up, more than `SENT_KEPT` ago; how many."""
    limit = timezone.now() - SENT_KEPT
    old = OutgoingMail.objects.filter(
        Q(sent_at__lt=limit) | Q(attempts__gte=MAX_ATTEMPTS, next_attempt_at__lt=limit)
    )
    return old.count() if dry_run else old.delete()[0]


def _packed(attachment) -> list:
    """[name, base64, mimetype] from a (name, content, mimetype) tuple or a MIME part."""
    if isinstance(attachment, tuple):
        name, data, mimetype = attachment
    else:
        name, mimetype = attachment.get_filename(), attachment.get_content_type()
        data = attachment.get_payload(decode=True)
    data = data.encode() if isinstance(data, str) else bytes(data)
    return [name, base64.b64encode(data).decode(), mimetype]
