"""What gunicorn reads wherever it is started here: how many answer, where, and who listens."""

import os
import socket
import sys

# For two cores. A process runs one thread at a time, and each thread has its own connection to the
# database: more of them answer no sooner, and make each other wait.
workers = 2
threads = 2
# By default a SCRIPT_NAME header that a proxy of this machine lets through moves every address.
forwarder_headers = ""
# Nobody steers the server from a file of the home folder: what changes lives in VAR_DIR.
control_socket_disable = True
# Each worker listens by itself and the kernel deals visitors out. From one socket, the worker that
# wakes first takes nearly all, and keeps them as long as they stay connected.
reuse_port = sys.platform == "linux"
# How long the kernel keeps those who connected and have asked nothing.
SECONDS_TO_ASK = 60


def on_starting(server):
    """Refuse a port that another server has, since two that share one would answer by turns."""
    on_reload(server)
    if not server.cfg.reuse_port or server.master_pid:  # the second is a running server, upgraded
        return
    for address in server.cfg.address:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        try:
            socket.create_server(address, family=family).close()
        except OSError as error:
            server.log.error("Cannot listen at %s:%s: %s", *address, os.strerror(error.errno))
            sys.exit(1)


def on_reload(server):
    """What is not an address and a port, such as a file, is one socket for all workers."""
    if not all(isinstance(address, tuple) for address in server.cfg.address):
        server.cfg.set("reuse_port", False)


def pre_fork(server, worker):
    """Choose the core that has the fewest workers, when all are to have the same number."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    taken = [other.core for other in server.WORKERS.values()]
    even = cores and server.num_workers % len(cores) == 0
    worker.core = min(cores, key=taken.count) if even else None


def post_fork(server, worker):
    """Stay on one core: threads that hand the interpreter to another core wait longer for it.

    Browsers connect before they have something to ask: until then, they take no thread.
    """
    if worker.core is not None:
        os.sched_setaffinity(0, {worker.core})
    for listener in worker.sockets:
        if hasattr(socket, "TCP_DEFER_ACCEPT") and listener.family != socket.AF_UNIX:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SECONDS_TO_ASK)
