"""What is due is done once, and one failing step does not stop the others."""

import datetime
import os
import subprocess
import sys
import threading

import pytest
import time_machine
from django.conf import settings as real
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from commons import scheduled_jobs
from commons.members.outbox import store
from tests import factories


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.mark.django_db
def test_page_whose_hour_has_come_is_published(site):
    page = factories.article(live=False)
    page.go_live_at = timezone.now() - datetime.timedelta(minutes=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    call_command("run_due", verbosity=0)
    page.refresh_from_db()
    assert page.live
    assert page.live_revision == revision


@pytest.mark.django_db(transaction=True)
def test_mail_that_waited_leaves():
    store(mail.EmailMessage("Bonjour", "Un mot.", None, ["a@example.org"]))
    call_command("run_due", verbosity=0)
    assert [message.subject for message in mail.outbox] == ["Bonjour"]


@pytest.mark.django_db
def test_failing_step_is_told_and_the_others_run(monkeypatch):
    def broken():
        raise ValueError("en panne")

    monkeypatch.setattr(scheduled_jobs, "STEPS", [broken, scheduled_jobs.forget])
    kinds = ("members", "sessions", "mails", "registrations", "messages", "uses")
    gone = ", ".join(f"0 {kind}" for kind in kinds)
    assert list(scheduled_jobs.run_due()) == [
        ("broken", "ValueError: en panne", False),
        ("forget", f"{gone}, 0 searches", True),
    ]
    with pytest.raises(CommandError, match=r"Failed: broken\."):
        call_command("run_due", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_second_run_at_the_same_time_does_nothing():
    first, seen = scheduled_jobs.run_due(), []
    next(first)
    second = threading.Thread(target=lambda: seen.extend(_closing(scheduled_jobs.run_due())))
    second.start()
    second.join()
    assert seen == []
    assert len(list(first)) == len(scheduled_jobs.STEPS) - 1
    assert len(list(scheduled_jobs.run_due())) == len(scheduled_jobs.STEPS)


def _closing(rows):
    from django.db import connection

    try:
        return list(rows)
    finally:
        connection.close()


def test_time_of_the_last_run_is_kept(db):
    assert scheduled_jobs.last_run() is None
    list(scheduled_jobs.run_due())
    assert timezone.now() - scheduled_jobs.last_run() < datetime.timedelta(seconds=5)


def test_fresh_database_has_its_cache_table(tmp_path):
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "commons.settings",
    }
    environment.pop("DATABASE_URL", None)
    code = (
        "import django; django.setup()\n"
        "from django.core.cache import cache\n"
        "from django.db import connection\n"
        "from django.db.migrations.executor import MigrationExecutor\n"
        "MigrationExecutor(connection).migrate([('commons', '0001_cache_table')])\n"
        "cache.set('a', 1); print(cache.get('a'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=real.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1\n"


@pytest.mark.django_db(transaction=True)
def test_free_seats_reminders_and_dates_are_seen_to_before_the_mails_leave(site, settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    session = factories.session(in_days=3, capacity=1, reminders=[48])
    weekly = factories.session(repeat="weekly", sign_up="none")
    weekly.occurrences.filter(starts_at__gt=weekly.starts_at).delete()
    factories.registration(session, email="attend@example.org", state="waiting")
    done = dict(row[:2] for row in scheduled_jobs.run_due())
    assert done["fill_seats"] == "0 expired, 1 promoted"
    assert [message.to for message in mail.outbox] == [["attend@example.org"]]
    with time_machine.travel(session.starts_at - datetime.timedelta(hours=47), tick=False):
        done = dict(row[:2] for row in scheduled_jobs.run_due())
    assert done["remind"] == "1 reminders, 0 replays"
    assert "Rappel" in mail.outbox[1].subject, "it left with the same run"
    assert weekly.occurrences.count() > 50


@pytest.mark.django_db
def test_dates_are_looked_for_once_a_day(site):
    weekly = factories.session(repeat="weekly", sign_up="none")
    scheduled_jobs.look_further()
    weekly.occurrences.all().delete()
    assert scheduled_jobs.look_further() == "done today"
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        scheduled_jobs.look_further()
    assert weekly.occurrences.exists()
