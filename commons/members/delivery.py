"""Deliver stored messages: claim one, send it, then mark it as sent or schedule a retry."""

import base64
import datetime
import logging
import re
import smtplib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.utils import timezone

from commons.members.models import OutgoingMail

logger = logging.getLogger(__name__)

# A claim expires after this long, in case the process that made it was killed.
CLAIM_TIMEOUT = datetime.timedelta(minutes=10)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)
# One minute, two, four… then every six hours: about four days before giving up.
MAX_ATTEMPTS = 24
# The server answered that it does not want this message: it may want the next one.
REFUSED_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
ADDRESS = re.compile(r"[^\s<>\"'{}()]+@[^\s<>\"'{}()]+")


class DeliveryResult(NamedTuple):
    """How many messages were sent, and whether the mail server failed."""

    sent: int
    server_failed: bool


def as_message(mail: OutgoingMail, connection=None) -> EmailMultiAlternatives:
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
    return deliver(list(ids[:limit])).sent


def deliver(
    ids: Iterable[int], *, before_sending: Callable[[], None] = lambda: None
) -> DeliveryResult:
    """Claim and send these messages until the server fails. No fault is raised.

    `before_sending` is called when a message is claimed and the mail server is about to be asked.
    """
    connection = get_connection(settings.MAIL_TRANSPORT)
    sent, failed = 0, False
    try:
        for pk in ids:
            mail = _claim(pk)
            if mail is None:
                continue
            before_sending()
            error = _send(mail, connection)
            sent += error is None
            failed = error is not None and not isinstance(error, REFUSED_MESSAGE)
            if failed:
                break
    finally:
        try:
            connection.close()
        except Exception as error:
            logger.warning(
                "The connection to the mail server was not closed: %s", error_text(error)
            )
    return DeliveryResult(sent, failed)


def send_unstored(message: EmailMultiAlternatives) -> bool:
    """Try once to send a message that is not stored; returns whether it was sent."""
    message.connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        message.send()
    except Exception as error:
        logger.warning("A message that is not kept was not sent: %s", error_text(error))
        return False
    return True


def error_text(error: Exception) -> str:
    """Why a message did not leave, without e-mail addresses, for the log."""
    return ADDRESS.sub("…", f"{type(error).__name__}: {error}")[:300]


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


def _send(mail: OutgoingMail, connection) -> Exception | None:
    """Send `mail` and note it; what went wrong, if anything did."""
    ours = OutgoingMail.objects.filter(pk=mail.pk, claimed_at=mail.claimed_at)
    try:
        as_message(mail, connection).send()
    except Exception as error:
        logger.warning("Mail %s was not sent: %s", mail.pk, error_text(error))
        wait = min(FIRST_WAIT * 2 ** min(mail.attempts - 1, 12), LONGEST_WAIT)
        ours.update(claimed_at=None, next_attempt_at=timezone.now() + wait, error=error_text(error))
        return error
    # The content may hold private links: it is not kept once sent.
    ours.update(claimed_at=None, sent_at=timezone.now(), error="", content={})
    return None
