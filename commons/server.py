"""Serve the site: `python -m commons.server [ADDRESS:PORT | unix:PATH]` (127.0.0.1:8000).

`WEB_CONCURRENCY` processes answer (2), with `WEB_THREADS` threads each (12).
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing.util import Finalize
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

# A thread works on one request, and waits as long as its body takes to arrive: more of them than
# slow uploads that one expects at once, since one process may get them all.
THREADS = "12"
LONGEST_HEADERS = 65_536  # bytes
SECONDS_TO_END = 30  # for requests under way when the server stops


def listening_place(bind: str) -> dict:
    """Granian's names for where to listen. Raises OSError when another program listens there."""
    if bind.startswith("unix:"):
        return {"uds": Path(bind.removeprefix("unix:"))}
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    # Granian shares a port with whoever shares it: visitors would be answered by turns.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    socket.create_server((host, int(port)), family=family).close()
    return {"address": host, "port": int(port)}


def application():
    """The site, in a worker process, which ends with the mail that it is sending."""
    # Until granian has its own, the parent's handler would swallow a signal to end.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from commons.wsgi import application as site  # noqa: PLC0415 - in the worker, once it can be ended
    from commons.wsgi import background  # noqa: PLC0415 - in the worker, once it can be ended

    Finalize(None, background.end, exitpriority=0)  # `atexit` is not asked there
    return site


def main(bind: str = "127.0.0.1:8000") -> None:
    try:
        import commons.wsgi  # noqa: F401, PLC0415 - a refused start ends here; workers are forked from it
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    connections.close_all()
    serve(bind)


def serve(bind: str, load: Callable = application) -> None:
    """Serve what `load` returns in each worker, until a signal ends it."""
    try:
        place = listening_place(bind)
    except OSError as error:
        sys.exit(f"Cannot listen at {bind}: {os.strerror(error.errno)}")
    Granian(
        "commons.wsgi",
        **place,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=int(os.environ.get("WEB_CONCURRENCY", "2")),
        blocking_threads=int(os.environ.get("WEB_THREADS", THREADS)),
        http1_settings=HTTP1Settings(max_buffer_size=LONGEST_HEADERS),
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
        log_level=LogLevels.error,
    ).serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
