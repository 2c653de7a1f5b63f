"""Mail leaves once, after the transaction, whatever happens to the mail server."""

import datetime
import smtplib
import threading

import pytest
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections, transaction
from django.utils import timezone

from commons.members import delivery, outbox
from commons.members.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)


class Server(BaseEmailBackend):
    """A mail server that can be switched off."""

    up = True
    sent: list = []
    lock = threading.Lock()

    def send_messages(self, email_messages):
        if not Server.up:
            raise ConnectionRefusedError("nobody answers")
        with Server.lock:
            Server.sent.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    settings.MAIL_TRANSPORT = f"{__name__}.Server"
    Server.up, Server.sent = True, []
    return Server


def send(subject="Bonjour", to="a@example.org"):
    message = EmailMultiAlternatives(subject, "Texte é", to=[to], cc=["c@example.org"])
    message.attach_alternative("<p>Texte é</p>", "text/html")
    message.attach("a.ics", b"BEGIN:VCALENDAR", "text/calendar")
    return message.send()


def wake_up():
    OutgoingMail.objects.update(next_attempt_at=timezone.now())


def test_message_is_sent_with_all_its_parts(server):
    assert send() == 1
    [message] = server.sent
    assert (message.subject, message.body.strip()) == ("Bonjour", "Texte é")
    assert message.recipients() == ["a@example.org", "c@example.org"]
    assert [tuple(a) for a in message.alternatives] == [("<p>Texte é</p>", "text/html")]
    assert "BEGIN:VCALENDAR" in str(message.attachments[0])
    assert OutgoingMail.objects.get().sent_at


def test_nothing_leaves_when_the_transaction_fails(server):
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert server.sent == []
    assert not OutgoingMail.objects.exists()


def test_nothing_leaves_before_the_transaction_ends(server):
    with transaction.atomic():
        send()
        assert server.sent == []
    assert len(server.sent) == 1


def test_what_goes_to_many_leaves_with_the_next_run(server):
    with outbox.deliver_later():
        send()
    assert server.sent == []
    assert delivery.deliver_due() == 1
    send()
    assert len(server.sent) == 2


def test_server_down_keeps_the_message_and_the_request(server):
    server.up = False
    assert send() == 1
    mail = OutgoingMail.objects.get()
    assert (mail.sent_at, mail.attempts, mail.claimed_at) == (None, 1, None)
    assert "nobody answers" in mail.error
    assert mail.next_attempt_at > timezone.now() + datetime.timedelta(seconds=50)
    server.up = True
    assert delivery.deliver_due() == 0, "it is not time yet"
    wake_up()
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert len(server.sent) == 1


def test_a_repeat_carries_the_same_identifier(server):
    with outbox.deliver_later():
        send()
    stored = OutgoingMail.objects.get()
    delivery.deliver_due()
    stored.save()  # as if the sender had died before it noted that it had sent it
    delivery.deliver_due()
    first, second = (message.message() for message in server.sent)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_message_says_where_it_comes_from_and_that_no_person_wrote_it(server, settings):
    settings.SITE_URL = "https://commun.example"
    send()
    message = server.sent[0].message()
    assert message["Message-ID"].endswith("@commun.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]


def test_content_of_a_message_is_deleted_once_it_is_sent(server):
    send()
    assert OutgoingMail.objects.get().content == {}


class SelectiveServer(BaseEmailBackend):
    """A mail server that knows nobody at one address."""

    def send_messages(self, email_messages):
        for message in email_messages:
            if message.to == ["nobody@example.org"]:
                unknown = {"nobody@example.org": (550, b"nobody@example.org: unknown")}
                raise smtplib.SMTPRecipientsRefused(unknown)
            Server.sent.append(message)
        return len(email_messages)


def test_a_wrong_address_neither_stops_the_others_nor_is_written_in_a_journal(settings, caplog):
    settings.MAIL_TRANSPORT = f"{__name__}.SelectiveServer"
    with outbox.deliver_later():
        for name in ("nobody", "ana", "bea"):
            send(to=f"{name}@example.org")
    assert delivery.deliver_due() == 2
    assert "550" in caplog.text
    assert "nobody@" not in caplog.text + OutgoingMail.objects.get(sent_at=None).error


def test_server_down_is_tried_once_a_round(server):
    server.up = False
    for _ in range(3):
        send()
    wake_up()
    OutgoingMail.objects.update(attempts=0)
    delivery.deliver_due()
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_sender_killed_while_sending_lets_go_after_a_while(server):
    server.up = False
    send()
    wake_up()
    server.up = True
    OutgoingMail.objects.update(claimed_at=timezone.now())
    assert delivery.deliver_due() == 0
    OutgoingMail.objects.update(claimed_at=timezone.now() - delivery.CLAIM_TIMEOUT * 2)
    assert delivery.deliver_due() == 1


def test_gives_up_in_the_end(server):
    server.up = False
    send()
    OutgoingMail.objects.update(attempts=delivery.MAX_ATTEMPTS, next_attempt_at=timezone.now())
    server.up = True
    assert delivery.deliver_due() == 0


def test_two_senders_at_once_send_each_message_once(server):
    server.up = False
    for number in range(12):
        send(to=f"{number}@example.org")
    wake_up()
    server.up = True
    start = threading.Barrier(3)
    counts = []

    def run():
        start.wait()
        counts.append(delivery.deliver_due())
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 12
    assert len({message.to[0] for message in server.sent}) == len(server.sent) == 12


def test_forged_subject_is_refused_at_once():
    with pytest.raises(BadHeaderError):
        send(subject="Bonjour\nBcc: all@example.org")
    assert not OutgoingMail.objects.exists()


def test_illegal_characters_do_not_reach_the_table(server):
    EmailMessage("Sujet", "a\x00b\x1fc", to=["a@example.org"]).send()
    assert server.sent[0].body == "abc\n"


def test_purge_takes_old_sent_messages_only(server):
    send()
    OutgoingMail.objects.update(sent_at=timezone.now() - outbox.SENT_KEPT * 2)
    send()
    assert outbox.purge_sent(dry_run=True) == 1
    assert outbox.purge_sent() == 1
    assert OutgoingMail.objects.count() == 1


def test_default_transport_writes_files(settings, tmp_path):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    assert get_connection().__class__ is outbox.QueueBackend
    send()
    [file] = (tmp_path / "mail").iterdir()
    assert "Subject: Bonjour" in file.read_text()
