"""No reader waits for a mail server: real ones that hang, drip or refuse, beside real requests."""

import contextlib
import socket
import threading
import time

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from commons.health_checks import mails
from commons.members import background_delivery, delivery, outbox, smtp
from commons.members.background_delivery import BackgroundDelivery
from commons.members.models import OutgoingMail
from tests import factories
from tests.members.test_mail_server import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]


@pytest.fixture
def background(monkeypatch, settings):
    """The thread of a process that serves the site, with limits that a test can wait for."""
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    settings.MAIL_TRANSPORT = "commons.members.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 1
    monkeypatch.setattr(smtp, "SECONDS_A_MESSAGE", 1)
    delivery = BackgroundDelivery()
    monkeypatch.setattr(outbox, "background", delivery)
    delivery.enable()
    yield delivery
    delivery.end()
    assert not any(thread.name == "mail" for thread in threading.enumerate())


@contextlib.contextmanager
def answering(talk):
    """A mail server that does `talk` with each client, and counts them; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    clients = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                clients.append(client)
                threading.Thread(target=talk, args=[client], daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], clients
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        for each in (listener, *clients):
            each.close()


def hang(client):
    """Accept, and say nothing."""


def drip(client):
    """One letter of a greeting that never ends, more often than any limit of a socket."""
    with contextlib.suppress(OSError):
        while True:
            client.sendall(b"2")
            time.sleep(0.05)


def hang_on_the_message(client):
    """Greet, then never say what became of the message."""
    with contextlib.suppress(OSError):
        client.sendall(b"220 here\r\n")
        for _ in range(3):
            client.recv(1000)
            client.sendall(b"250 ok\r\n")


@pytest.fixture
def sockets_of_requests(monkeypatch):
    """The addresses that the thread of the test, which makes the requests, connects to."""
    seen, own = [], threading.get_ident()
    connect = socket.socket.connect

    def noted(self, address):
        if threading.get_ident() == own:
            seen.append(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return seen


def wait_until(held, seconds=10):
    end = time.monotonic() + seconds
    while not held():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def ask_for_a_password(client, email):
    answer = client.post("/compte/password/reset/", {"email": email})
    assert answer.status_code == 302


@pytest.mark.parametrize("talk", [hang, drip, hang_on_the_message])
def test_no_request_waits_for_a_server_that_hangs(
    background, settings, client, talk, sockets_of_requests
):
    factories.member("zoe@example.org")
    with answering(talk) as (settings.EMAIL_PORT, clients):
        ask_for_a_password(client, "zoe@example.org")
        wait_until(lambda: clients)
        assert client.get("/fr/").status_code == 200
        ask_for_a_password(client, "zoe@example.org")
        wait_until(lambda: OutgoingMail.objects.exclude(error="").exists())
    assert sockets_of_requests == []
    assert OutgoingMail.objects.filter(sent_at=None).count() == 2, "nothing is lost"
    assert "2 waiting" in mails().says
    assert "the last failure was" in mails().says
    assert "zoe@" not in mails().says
    assert background._thread.is_alive()


@pytest.mark.parametrize("talk", [hang, drip, hang_on_the_message])
def test_requests_are_answered_while_the_server_still_holds_a_message(
    background, settings, monkeypatch, client, talk
):
    settings.EMAIL_TIMEOUT = 600
    monkeypatch.setattr(smtp, "SECONDS_A_MESSAGE", 600)
    factories.member("zoe@example.org")
    with answering(talk) as (settings.EMAIL_PORT, clients):
        ask_for_a_password(client, "zoe@example.org")
        wait_until(lambda: clients)
        assert client.get("/fr/").status_code == 200
        ask_for_a_password(client, "zoe@example.org")
        assert not OutgoingMail.objects.exclude(error="").exists(), "the message had ended"
    wait_until(lambda: OutgoingMail.objects.exclude(error="").exists())
    assert OutgoingMail.objects.filter(sent_at=None).count() == 2


def test_after_a_failure_the_server_is_left_alone_for_a_while(background, settings):
    with answering(lambda client: client.close()) as (settings.EMAIL_PORT, clients):
        mail.send_mail("Un", "…", None, ["a@example.org"])
        wait_until(lambda: OutgoingMail.objects.exclude(error="").exists())
        for _ in range(3):
            mail.send_mail("Deux", "…", None, ["a@example.org"])
        wait_until(background._waiting.empty)
    assert len(clients) == 1
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1]


def test_a_server_that_refuses_costs_nothing_and_run_due_delivers_later(background, settings):
    down = Server()
    down.stop()
    settings.EMAIL_PORT = down.port
    mail.send_mail("Bonjour", "…", None, ["a@example.org"])
    wait_until(lambda: OutgoingMail.objects.exclude(error="").exists())
    background.end()
    OutgoingMail.objects.update(next_attempt_at="2026-01-01T00:00Z")
    server = Server(down.port)
    try:
        assert delivery.deliver_due() == 1
        assert [message["To"] for message in server.received] == ["a@example.org"]
    finally:
        server.stop()


def test_a_healthy_server_gets_the_mail_at_once(background, settings, client):
    factories.member("zoe@example.org")
    server = Server()
    settings.EMAIL_PORT = server.port
    try:
        ask_for_a_password(client, "zoe@example.org")
        wait_until(lambda: server.received)
        wait_until(lambda: OutgoingMail.objects.filter(content={}).exists())
        assert [message["To"] for message in server.received] == ["zoe@example.org"]
        assert delivery.deliver_due() == 0, "nobody sends it twice"
    finally:
        server.stop()


def test_the_thread_holds_no_connection_to_the_database_while_the_server_takes_its_time(
    background, settings, monkeypatch
):
    closed = threading.Event()
    close = background_delivery.connections.close_all
    monkeypatch.setattr(
        background_delivery.connections, "close_all", lambda: (close(), closed.set())
    )
    with answering(hang) as (settings.EMAIL_PORT, clients):
        mail.send_mail("Bonjour", "…", None, ["a@example.org"])
        wait_until(lambda: clients)
        assert closed.is_set()
        factories.member("writes-meanwhile@example.org")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                assert cursor.fetchone() == (0,)


def test_ending_leaves_what_was_not_begun_to_run_due(background, settings):
    server = Server()
    settings.EMAIL_PORT = server.port
    try:
        background.end()
        mail.send_mail("Bonjour", "…", None, ["a@example.org"])
        assert OutgoingMail.objects.get().attempts == 0
        assert delivery.deliver_due() == 1
    finally:
        server.stop()


def test_a_message_that_must_not_be_kept_is_tried_once(background, settings):
    server = Server()
    settings.EMAIL_PORT = server.port
    try:
        background.enqueue_unstored(EmailMultiAlternatives("Au revoir", "…", to=["z@example.org"]))
        wait_until(lambda: server.received)
    finally:
        server.stop()
    assert not OutgoingMail.objects.exists()


def test_more_than_can_wait_is_left_to_run_due(background, settings, monkeypatch):
    with answering(hang) as (settings.EMAIL_PORT, clients):
        mail.send_mail("Un", "…", None, ["a@example.org"])
        wait_until(lambda: clients)
        background.enqueue(list(range(5_000)))
        assert background._waiting.full()
