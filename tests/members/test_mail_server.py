"""A real mail server that dies and comes back, real processes that send at once or are killed."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
from email import message_from_bytes
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from commons.members import delivery
from commons.members.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
RUN_DUE = """
import os, signal, sys
import django
from django.conf import settings
name, port, killed = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = name
settings.MAIL_TRANSPORT = "commons.members.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
django.setup()
from commons.members.smtp import EmailBackend
sent = EmailBackend._send

def then_die(self, message):
    sent(self, message)
    os.kill(os.getpid(), signal.SIGKILL)

if killed == "after one":
    EmailBackend._send = then_die
from commons.scheduled_jobs import run_due
steps = {step: said for step, said, _ in run_due()}
print(steps.get("send_mails", "another run is on"))
"""


class Talk(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a client needs to hand a message over."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                message = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    message += line
                with self.server.lock:
                    self.server.received.append(message_from_bytes(message))
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port=0):
        self.received, self.lock = [], threading.Lock()
        super().__init__(("127.0.0.1", port), Talk)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def stop(self):
        self.shutdown()
        self.server_close()


@pytest.fixture
def port(settings):
    """The port of a mail server that is down, as it was when each message was written."""
    server = Server()
    server.stop()
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    settings.MAIL_TRANSPORT = "commons.members.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = False
    for number in range(8):
        EmailMessage("Bonjour", "Texte", to=[f"{number}@example.org"]).send()
    assert OutgoingMail.objects.filter(sent_at=None).count() == 8
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    return server.port


@pytest.fixture
def server(port):
    """The same server, back again."""
    server = Server(port)
    yield server
    server.stop()


def start(port: int, killed: str = "") -> subprocess.Popen:
    """`run_due` in a process of its own, whose lock is not shared: claims alone keep order."""
    connection.close()
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", RUN_DUE, name, str(port), killed],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def addressees(server) -> list[str]:
    return sorted(message["To"] for message in server.received)


ALL = [f"{number}@example.org" for number in range(8)]


def test_each_message_arrives_once_when_the_server_is_back(server):
    assert delivery.deliver_due() == 8
    assert delivery.deliver_due() == 0
    assert addressees(server) == ALL


def test_two_runs_at_once_send_each_message_once(server):
    runs = [start(server.port) for _ in range(2)]
    outputs = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert addressees(server) == ALL
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_a_run_killed_between_sending_and_noting_it_repeats_one_under_the_same_identifier(server):
    """SMTP cannot tell: the only message in doubt is repeated, such that mail readers show one."""
    run = start(server.port, "after one")
    run.communicate(timeout=120)
    assert run.returncode == -signal.SIGKILL
    assert delivery.deliver_due() == 7, "the others do not wait"
    (doubtful,) = OutgoingMail.objects.filter(sent_at=None)
    OutgoingMail.objects.update(claimed_at=doubtful.claimed_at - delivery.CLAIM_TIMEOUT)
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert sorted(set(addressees(server))) == ALL
    twice = [message for message in server.received if message["To"] == doubtful.to[0]]
    assert len(server.received) == 9
    assert len({(one["Message-ID"], one["Date"], str(one)) for one in twice}) == 1
