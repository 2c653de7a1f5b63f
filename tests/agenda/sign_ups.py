"""People who sign up in tests, and what was written to them."""

import datetime

import time_machine
from django.core import mail
from django.utils import timezone

from commons.agenda import emails, registration
from commons.agenda.models import Registration
from tests import factories

HOUR = datetime.timedelta(hours=1)


def visitor(session, email="ana@example.org", **fields) -> Registration:
    return registration.register(session, name="Ana", email=email, **fields)


def confirmed(session, email="ana@example.org") -> Registration:
    found = visitor(session, email)
    return registration.confirm(emails.confirmation_key([found]))[0]


def fill(session, count=None) -> list[Registration]:
    return [factories.registration(session) for _ in range(count or session.capacity)]


def recipients() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def later(**length):
    return time_machine.travel(timezone.now() + datetime.timedelta(**length), tick=False)
