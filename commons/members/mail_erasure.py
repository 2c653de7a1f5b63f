"""Erase a person from the outbox: delete e-mails to them, remove their name from the others."""

import base64
import re

from commons.members.models import OutgoingMail
from commons.members.privacy import Person
from commons.members.text_removal import address_pattern, name_pattern, redact

FOLD = re.compile(rb"\r?\n[ \t]")  # a long line of a calendar, cut (RFC 5545)


def remove_from_mails(person: Person) -> None:
    """Delete what was written to the person; what waits for others keeps the rest of its words.

    Of those sent, nothing is kept: some may have gone to an address that the person had before.
    """
    OutgoingMail.objects.exclude(sent_at=None).delete()
    patterns = []
    if person.addresses:
        patterns.append(address_pattern(person.addresses))
    if person.names:
        patterns.append(name_pattern(person.names))
    for mail in OutgoingMail.objects.iterator():
        if any(address.lower() in person.addresses for address in mail.to):
            mail.delete()
            continue
        held = (mail.subject, mail.content, mail.error)
        subject, content, error = (redact(value, patterns) for value in held)
        content |= {"attachments": _attachments(mail.content, patterns)}
        OutgoingMail.objects.filter(pk=mail.pk).update(
            subject=subject, content=content, error=error
        )


def _attachments(content: dict, patterns) -> list:
    """Those that do not name the person: a calendar without them would not be valid any more."""
    kept = []
    for name, data, mimetype in content.get("attachments", []):
        text = FOLD.sub(b"", base64.b64decode(data)).decode(errors="replace")
        if not any(pattern.search(text) for pattern in patterns):
            kept.append([name, data, mimetype])
    return kept
