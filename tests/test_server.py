"""What gunicorn.conf.py makes of the server: who listens, on which core, and what it refuses."""

import os
import runpy
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from gunicorn.config import Config

CONFIGURED = runpy.run_path("gunicorn.conf.py")
COMMAND = [sys.executable, "-m", "gunicorn", "wsgiref.simple_server:demo_app"]
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux deals connections out")


@pytest.fixture
def config():
    found = Config()
    for name, value in CONFIGURED.items():
        if name in found.settings:
            found.set(name, value)
    return found


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def served(port):
    """A server of two workers that answer at this port."""
    return running(f"127.0.0.1:{port}", lambda: _answers(port))


@contextmanager
def running(bind, answers):
    """A server of two workers that answer there."""
    server = subprocess.Popen([*COMMAND, "--bind", bind], stderr=subprocess.DEVNULL)
    try:
        _wait_until(lambda: len(_workers(server)) == 2 and answers())
        yield server
    finally:
        server.terminate()
        server.wait()


def _answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=4) as answer:
            return answer.status == 200
    except OSError:
        return False


def _workers(server):
    task = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return [int(pid) for pid in task.read_text().split()]


def _wait_until(held):
    for _ in range(200):
        if held():
            return
        time.sleep(0.1)
    raise AssertionError("It never came true.")


def test_no_mount_point_is_taken_from_headers(config):
    assert config.forwarder_headers == []


def test_nothing_is_written_in_the_home_folder(config):
    assert config.control_socket_disable


@on_linux
def test_port_in_use_is_refused(port):
    with served(port):
        second = subprocess.run(
            [*COMMAND, "--bind", f"127.0.0.1:{port}"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 1
        assert f"Cannot listen at 127.0.0.1:{port}" in second.stderr
        assert "Traceback" not in second.stderr
        assert _answers(port)


@on_linux
def test_each_worker_listens_for_itself(port):
    with served(port):
        _wait_until(lambda: _listening(port) == 2)


def _listening(port):
    """How many sockets wait for visitors at this port of 127.0.0.1."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return sum(line[1].endswith(f":{port:04X}") and line[3] == "0A" for line in lines)


@on_linux
def test_who_connects_and_asks_nothing_holds_no_thread(port):
    with served(port), ExitStack() as kept:
        for _ in range(16):
            kept.enter_context(socket.create_connection(("127.0.0.1", port)))
        time.sleep(0.5)  # for the workers to take them, if they do
        assert _answers(port)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets that are files")
def test_a_socket_that_is_a_file_answers(tmp_path):
    path = f"{tmp_path}/commun.sock"

    def answers():
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return b" 200 OK" in client.recv(100)

    with running(f"unix:{path}", answers):
        assert answers()


@on_linux
@pytest.mark.skipif(len(CORES) != 2, reason="as many workers as cores")
def test_a_worker_that_comes_back_takes_the_core_of_the_one_that_died(port):
    with served(port) as server:
        _wait_until(lambda: _cores(server) == CORES)
        dead = _workers(server)[0]
        os.kill(dead, 9)
        _wait_until(lambda: dead not in _workers(server) and _cores(server) == CORES)


def _cores(server):
    """The only core of each worker; one that dies meanwhile has none."""
    found = []
    for pid in _workers(server):
        with suppress(ProcessLookupError):
            found += [os.sched_getaffinity(pid)]
    return sorted(core for cores in found for core in cores)


def test_cores_are_left_alone_when_they_would_not_have_the_same_number(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    server, worker = SimpleNamespace(num_workers=2, WORKERS={}), SimpleNamespace()
    CONFIGURED["pre_fork"](server, worker)
    assert worker.core is None
    server.num_workers = 3
    CONFIGURED["pre_fork"](server, worker)
    assert worker.core == 0


@pytest.mark.parametrize("hook", ["on_starting", "on_reload"])
def test_a_socket_that_is_a_file_is_one_for_all(config, hook):
    config.set("bind", "unix:/tmp/commun.sock")
    config.set("reuse_port", True)
    CONFIGURED[hook](SimpleNamespace(cfg=config, master_pid=0))
    assert not config.reuse_port
