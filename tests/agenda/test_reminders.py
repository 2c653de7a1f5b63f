"""Reminders and replays: to the right people, at the right time, once whatever happens."""

import contextlib
import datetime
import os
import signal
import subprocess
import sys
import threading

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.utils import timezone
from wagtail.models import PageViewRestriction

from commons.agenda import emails, registration, reminders
from commons.agenda.models import Registration, SentEmail, Session, State, Status
from commons.members import delivery
from commons.members.models import OutgoingMail
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _stored(settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"


@pytest.fixture
def session():
    return factories.session(in_days=7, reminders=[24, 1])


@pytest.fixture
def ana(session):
    return factories.registration(session, email="ana@example.org", name="Ana")


def at(session, *, hours_before):
    return time_machine.travel(session.starts_at - hours_before * HOUR, tick=False)


def written() -> list[tuple[str, str]]:
    found = [(mail.to, mail.subject) for mail in OutgoingMail.objects.order_by("pk")]
    return [(to[0], subject.partition(" : ")[0]) for to, subject in found]


class TestReminders:
    def test_each_time_is_told_once(self, session, ana):
        for hours_before, count in [(25, 0), (24, 1), (2, 0), (1, 1), (0.5, 0), (-0.5, 0)]:
            with at(session, hours_before=hours_before):
                assert reminders.send_reminders() == count, hours_before
                assert reminders.send_reminders() == 0
        assert written() == [("ana@example.org", "Rappel")] * 2
        assert SentEmail.objects.count() == 2

    def test_after_a_break_only_the_nearest_to_the_start(self, session, ana):
        with at(session, hours_before=0.2):
            assert reminders.send_reminders() == 1
        assert [sent.about.split(":")[1] for sent in SentEmail.objects.all()] == ["1"]

    def test_none_once_it_has_begun(self, session, ana):
        with at(session, hours_before=0):
            assert reminders.send_reminders() == 0

    @pytest.mark.parametrize("state", [s for s in State if s != State.CONFIRMED])
    def test_only_those_who_have_a_seat(self, session, state):
        factories.registration(session, state=state)
        with at(session, hours_before=1):
            assert reminders.send_reminders() == 0

    @pytest.mark.parametrize(
        "fields",
        [
            {"status": Status.CANCELLED},
            {"status": Status.POSTPONED},
            {"repeat": "weekly"},
            {"reminders": []},
        ],
    )
    def test_none_for(self, session, ana, fields):
        Session.objects.filter(pk=session.pk).update(**fields)
        with at(session, hours_before=1):
            assert reminders.send_reminders() == 0

    def test_none_while_the_page_is_not_published(self, session, ana):
        session.page.unpublish()
        with at(session, hours_before=1):
            assert reminders.send_reminders() == 0

    def test_a_new_date_is_reminded_of_again(self, session, ana):
        with at(session, hours_before=24):
            reminders.send_reminders()
        session.starts_at, session.ends_at = (
            moment + datetime.timedelta(days=7) for moment in (session.starts_at, session.ends_at)
        )
        session.save()
        with at(session, hours_before=24):
            assert reminders.send_reminders() == 1

    def test_who_signs_up_since_needs_none(self, session, ana):
        with at(session, hours_before=3):
            registration.register(session, name="Bo", email="bo@example.org")
            late = Registration.objects.get(email="bo@example.org")
            registration.confirm(emails.confirmation_key([late]))
            OutgoingMail.objects.all().delete()
            mail.outbox.clear()
            assert reminders.send_reminders() == 1
            assert written() == [("ana@example.org", "Rappel")]
        with at(session, hours_before=1):
            assert reminders.send_reminders() == 2

    def test_muted_registration_gets_none(self, session, ana):
        Registration.objects.update(muted=True)
        with at(session, hours_before=1):
            assert reminders.send_reminders() == 0

    def test_a_run_has_an_end_and_the_next_goes_on(self, session, ana, monkeypatch):
        monkeypatch.setattr(reminders, "MOST", 2)
        for _number in range(2):
            factories.registration(session)
        with at(session, hours_before=1):
            assert [reminders.send_reminders() for _run in range(3)] == [2, 1, 0]

    def test_who_left_since_the_list_was_read_gets_none(self, session, ana):
        registration.cancel(ana)
        with at(session, hours_before=1):
            assert not reminders._remind(ana.pk, "reminder:1:x", session.starts_at)
        assert not SentEmail.objects.exists()


class TestReplays:
    @pytest.fixture
    def session(self):
        return factories.session(in_days=-3, replay=factories.article(title="La vidéo"))

    def test_the_present_and_the_absent_differ(self, session):
        for name, attended in [("present", True), ("absent", False), ("unknown", None)]:
            factories.registration(session, email=f"{name}@example.org", attended=attended)
        factories.registration(session, state=State.WAITING)
        assert reminders.send_replays() == 3
        assert reminders.send_replays() == 0
        assert written() == [
            ("present@example.org", "La rediffusion est en ligne"),
            ("absent@example.org", "À voir quand vous voulez"),
            ("unknown@example.org", "À voir quand vous voulez"),
        ]
        body = OutgoingMail.objects.first().content["body"]
        assert session.replay.get_url() in body

    def test_not_before_the_end(self, session, ana):
        with time_machine.travel(session.ends_at - HOUR, tick=False):
            assert reminders.send_replays() == 0

    def test_not_before_everybody_may_see_it(self, session, ana):
        PageViewRestriction.objects.create(page_id=session.replay_id, restriction_type="login")
        assert reminders.send_replays() == 0
        PageViewRestriction.objects.all().delete()
        session.replay.unpublish()
        assert reminders.send_replays() == 0

    def test_not_of_what_was_called_off(self, session, ana):
        Session.objects.update(status=Status.CANCELLED)
        assert reminders.send_replays() == 0

    def test_muted_registration_gets_none(self, session, ana):
        Registration.objects.update(muted=True)
        assert reminders.send_replays() == 0


class TestOnce:
    def test_when_eight_run_at_once(self, session):
        for _number in range(12):
            factories.registration(session)
        start, counts, errors = threading.Barrier(8), [], []

        def run():
            start.wait()
            try:
                counts.append(reminders.send_reminders())
            except Exception as error:
                errors.append(error)
            finally:
                connections.close_all()

        with at(session, hours_before=1):
            threads = [threading.Thread(target=run) for _number in range(8)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
        assert errors == []
        assert sum(counts) == 12
        assert OutgoingMail.objects.count() == SentEmail.objects.count() == 12
        assert len({mail.to[0] for mail in OutgoingMail.objects.all()}) == 12

    def test_what_fails_after_the_mark_leaves_no_mark(self, session, ana, monkeypatch):
        def fails(*_args, **_extra):
            raise RuntimeError("no paper")

        with at(session, hours_before=1):
            with monkeypatch.context() as patch:
                patch.setattr(emails, "send", fails)
                with pytest.raises(RuntimeError):
                    reminders.send_reminders()
            assert not SentEmail.objects.exists()
            assert reminders.send_reminders() == 1

    def test_a_run_that_is_killed_loses_nothing(self, session):
        """Killed with the mark written, the mail stored, and neither committed."""
        now = timezone.now()
        Session.objects.update(starts_at=now + HOUR / 2, ends_at=now + HOUR)
        for _number in range(3):
            factories.registration(session)
        Registration.objects.update(updated_at=now - 2 * HOUR)
        code = (
            "import django; django.setup()\n"
            "import os, signal\n"
            "from commons.agenda import emails, reminders\n"
            "send, sent = emails.send, []\n"
            "def killed(*args, **extra):\n"
            "    send(*args, **extra); sent.append(1)\n"
            "    if len(sent) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
            "emails.send = killed\n"
            "reminders.send_reminders()\n"
        )
        name = str(connection.settings_dict["NAME"])
        done = subprocess.run(
            [sys.executable, "-c", f"{_same_database(name)}{code}"], env=_environment(), check=False
        )
        assert done.returncode == -signal.SIGKILL
        assert (SentEmail.objects.count(), OutgoingMail.objects.count()) == (1, 1)
        assert reminders.send_reminders() == 2
        assert (SentEmail.objects.count(), OutgoingMail.objects.count()) == (3, 3)

    def test_a_dead_mail_server_loses_nothing(self, session, ana, settings):
        with at(session, hours_before=1), settings_of_nobody(settings):
            assert reminders.send_reminders() == 1
            assert delivery.deliver_due() == 0
            assert "ConnectionRefused" in OutgoingMail.objects.get().error
        with at(session, hours_before=0.9):
            assert reminders.send_reminders() == 0
            assert delivery.deliver_due() == 1
        assert [message.to for message in mail.outbox] == [["ana@example.org"]]

    def test_reminders_leave_with_the_run_not_one_by_one(self, session, ana):
        with at(session, hours_before=1):
            reminders.send_reminders()
            assert mail.outbox == []
            assert delivery.deliver_due() == 1


@contextlib.contextmanager
def settings_of_nobody(settings):
    """A mail server where nobody answers."""
    usual = settings.MAIL_TRANSPORT
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    yield
    settings.MAIL_TRANSPORT = usual


def _same_database(name: str) -> str:
    return (
        "from tests import settings\n"
        f"settings.DATABASES['default']['NAME'] = {name!r}\n"
        "settings.EMAIL_BACKEND = 'commons.members.outbox.QueueBackend'\n"
    )


def _environment() -> dict:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
