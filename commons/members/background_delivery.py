"""Deliver mail beside the requests: one thread in each process that serves the site.

A request only stores its messages and hands their numbers over once committed. What the thread does
not get to, since the process ends or the mail server fails, leaves with the next `run_due`.
"""

import atexit
import contextlib
import logging
import queue
import threading
import time

from django.core.mail import EmailMultiAlternatives
from django.db import connections

from commons.members.delivery import deliver, send_unstored

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 60  # after the server failed; `run_due` tries in the meantime
QUEUE_SIZE = 1000  # beyond that, they leave with `run_due`
BATCH_SIZE = 100  # over one connection to the mail server
EXIT_SECONDS = 5  # to finish the message under way when the process ends


class BackgroundDelivery:
    """A queue of numbers of stored messages, and the thread that delivers them."""

    def __init__(self):
        self._enabled = False
        self._waiting: queue.Queue = queue.Queue(QUEUE_SIZE)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._ending = False

    def enable(self) -> None:
        """Deliver from this process from now on; commands and tests leave it to `run_due`."""
        self._enabled = True
        self._ending = False
        atexit.register(self.end)

    def enqueue(self, ids: list[int]) -> None:
        """Have the thread deliver these stored messages soon; never waits."""
        self._put(ids)

    def enqueue_unstored(self, message: EmailMultiAlternatives) -> None:
        """Have the thread try a message once that must not be kept; it is lost if that fails."""
        self._put([message])

    def end(self) -> None:
        """Finish the message under way, within a few seconds, and begin no other."""
        self._ending = True
        self._enabled = False
        if self._thread is not None and self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join(EXIT_SECONDS)

    def _put(self, things: list) -> None:
        if not self._enabled:
            return
        with contextlib.suppress(queue.Full):
            for thing in things:
                self._waiting.put_nowait(thing)
        with self._lock:
            # A thread does not live on in a process that was forked from its own.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._ending:
            batch = [self._waiting.get()]
            with contextlib.suppress(queue.Empty):
                while len(batch) < BATCH_SIZE:
                    batch.append(self._waiting.get_nowait())
            try:
                self._deliver(batch)
            except Exception:  # such as a database that is locked: `run_due` comes back to it
                logger.exception("Mail is left to run_due")
            finally:
                connections.close_all()

    def _deliver(self, batch: list) -> None:
        ids = [thing for thing in batch if isinstance(thing, int)]
        for thing in batch:
            if isinstance(thing, EmailMultiAlternatives) and not self._ending:
                send_unstored(thing)
        if not ids or time.monotonic() < self._paused_until:
            return
        # No connection to the database is held while a mail server takes its time.
        if deliver(self._until_the_end(ids), before_sending=connections.close_all).server_failed:
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    def _until_the_end(self, ids: list[int]):
        return (pk for pk in ids if not self._ending)


background = BackgroundDelivery()
