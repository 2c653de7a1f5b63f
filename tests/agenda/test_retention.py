"""A year after the end, nobody is told any more to have been there."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from commons.agenda.models import Audience, Message, Registration, Repeat, Session, SignUp, State
from commons.agenda.retention import UNANSWERED_KEPT, purge
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def long_ago():
    session = factories.session(in_days=-366)
    factories.registration(session)
    Message.objects.create(session=session, audience=Audience.ALL, subject="Merci", text="À tous.")
    return session


def test_a_year_after_the_end_registrations_and_messages_go(long_ago):
    factories.registration(factories.session(in_days=-364))
    factories.registration(
        factories.session(in_days=-400, repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
    )
    assert purge(dry_run=True) == {"registrations": 1, "messages": 1}
    assert Registration.objects.count() == 3
    assert purge() == {"registrations": 1, "messages": 1}
    assert (Registration.objects.count(), Message.objects.count()) == (2, 0)
    assert Session.objects.count() == 3


def test_run_due_and_purge_see_to_it(long_ago, settings, tmp_path, capsys):
    settings.VAR = tmp_path
    call_command("purge", dry_run=True)
    assert "1 registrations would go" in capsys.readouterr().out
    call_command("run_due", verbosity=0)
    assert not Registration.objects.exists()


def test_who_never_confirmed_is_forgotten_after_a_month(site):
    session = factories.session(in_days=90)
    for state in (State.EXPIRED, State.CONFIRMED, State.CANCELLED):
        factories.registration(session, state=state)
    recent = factories.registration(session, state=State.EXPIRED)
    month_ago = timezone.now() - UNANSWERED_KEPT - datetime.timedelta(days=1)
    Registration.objects.exclude(pk=recent.pk).update(updated_at=month_ago)
    assert purge() == {"registrations": 1, "messages": 0}
    assert Registration.objects.filter(state=State.EXPIRED).get() == recent
