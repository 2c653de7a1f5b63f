"""An SMTP e-mail backend with a time limit for each message."""

import contextlib
import smtplib
import socket
import threading
import time

from django.core.mail.backends import smtp

# For one message in all. A socket's own limit starts anew with each byte: a server that sends one
# now and then would hold its client for ever.
SECONDS_A_MESSAGE = 30


class TimedConnection:
    """Beside one of smtplib's clients: closes its socket once a message has taken too long."""

    def __init__(self, *args, **options):
        self._over = threading.Event()
        self._start_message()
        threading.Thread(target=self._watch, name="mail-deadline", daemon=True).start()
        try:
            super().__init__(*args, **options)
        except BaseException:
            self._over.set()
            raise

    def sendmail(self, *args, **options):
        self._start_message()
        return super().sendmail(*args, **options)

    def close(self):
        self._over.set()
        super().close()

    def _start_message(self):
        self._deadline = time.monotonic() + SECONDS_A_MESSAGE

    def _watch(self):
        while not self._over.wait(max(self._deadline - time.monotonic(), 0.1)):
            if time.monotonic() >= self._deadline:
                # None before it is connected; another one once it is encrypted.
                with contextlib.suppress(AttributeError, OSError):
                    self.sock.shutdown(socket.SHUT_RDWR)


class PlainConnection(TimedConnection, smtplib.SMTP):
    pass


class EncryptedConnection(TimedConnection, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's own, with a limit of time for each message."""

    @property
    def connection_class(self):
        return EncryptedConnection if self.use_ssl else PlainConnection
