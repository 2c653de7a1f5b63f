"""What is past its time goes, and nothing else."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from commons.members.accounts import open_account
from commons.members.models import Member
from commons.members.retention import UNCONFIRMED_KEPT, purge
from tests import factories

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - UNCONFIRMED_KEPT - datetime.timedelta(days=1)


@pytest.fixture
def people(db):
    factories.member("old@example.org", date_joined=LONG_AGO, confirmed=False)
    factories.member("new@example.org", confirmed=False)
    factories.member("used@example.org", date_joined=LONG_AGO, last_login=LONG_AGO, confirmed=False)
    factories.member("team@example.org", ["Rédaction"], date_joined=LONG_AGO, confirmed=False)
    confirmed = open_account("confirmed@example.org")
    Member.objects.filter(pk=confirmed.pk).update(date_joined=LONG_AGO)


def test_purge_takes_only_old_unconfirmed_accounts(people):
    assert purge()["members"] == 1
    assert not Member.objects.filter(email="old@example.org").exists()
    assert Member.objects.count() == 4


def test_purge_ends_dead_sessions(db):
    now = timezone.now()
    Session.objects.create(session_key="dead", expire_date=now - datetime.timedelta(days=1))
    Session.objects.create(session_key="live", expire_date=now + datetime.timedelta(days=1))
    purge()
    assert Session.objects.get().session_key == "live"


def test_dry_run_changes_nothing(people, capsys):
    call_command("purge", dry_run=True)
    assert "1 members would go" in capsys.readouterr().out
    assert Member.objects.count() == 5
