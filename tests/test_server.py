"""What visitors and operators may rely on in `commons.server`, seen from outside."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are read in /proc")
ATTEMPTS = 300  # a tenth of a second each


def environ(var, **more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "VAR_DIR": str(var), **more}


@contextmanager
def running(bind, var, **more):
    """The server of `tests.served_app` with two workers, which answer."""
    command = [sys.executable, "-m", "tests.served_app", bind]
    server = subprocess.Popen(
        command, env=environ(var, **more), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: len(workers(server)) == 2 and answers(bind))
        yield server
    finally:
        server.terminate()
        server.communicate()


@pytest.fixture(scope="module")
def bind():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(scope="module")
def served(bind, tmp_path_factory):
    """A server for all tests that leave it as it was."""
    with running(bind, tmp_path_factory.mktemp("var")) as server:
        yield server


def asked(bind, head=b"", method=b"GET"):
    """What the application was told of a request with these bytes in its header."""
    host, _, port = bind.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(method + b" / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + head + b"\r\n")
        whole = b"".join(iter(lambda: client.recv(65_536), b""))
    return json.loads(whole.partition(b"\r\n\r\n")[2])


def answers(bind, path="/"):
    if bind.startswith("unix:"):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(bind.removeprefix("unix:"))
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return b" 200 OK" in client.recv(100)
        return False
    with suppress(OSError), urlopen(f"http://{bind}{path}", timeout=4) as answer:
        return answer.status == 200
    return False


def workers(server):
    task = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return [int(pid) for pid in task.read_text().split()]


def wait_until(is_true):
    for _ in range(ATTEMPTS):
        if is_true():
            return
        time.sleep(0.1)
    raise AssertionError("It never came true.")


@contextmanager
def waiting(bind, count, sent):
    """So many connections that sent this much and no more."""
    host, _, port = bind.rpartition(":")
    with ExitStack() as opened:
        for _ in range(count):
            client = opened.enter_context(socket.create_connection((host, int(port))))
            client.sendall(sent)
        time.sleep(0.5)  # for the workers to take them
        yield


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Ha"])
def test_who_does_not_finish_a_header_holds_no_thread(served, bind, sent):
    with waiting(bind, 40, sent):
        assert all(answers(bind) for _ in range(10))


def test_eight_slow_uploads_stop_no_reader(served, bind):
    with waiting(bind, 8, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nbeginning"):
        assert all(answers(bind) for _ in range(10))


def test_no_mount_point_and_no_address_are_taken_from_headers(served, bind):
    told = asked(
        bind, b"Script_Name: /x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"
    )
    assert (told["SCRIPT_NAME"], told["REMOTE_ADDR"]) == ("", "127.0.0.1")
    assert told["HTTP_X_FORWARDED_FOR"] == "1.2.3.4"  # settings say whether anybody believes it


def test_a_proxy_must_drop_names_with_underscores(served, bind):
    """Why docs/operating.md asks for it: when this fails, granian does it, and the docs may go."""
    told = asked(bind, b"X-Forwarded-For: 1.2.3.4\r\nX_Forwarded_For: 6.6.6.6\r\n")
    assert told["HTTP_X_FORWARDED_FOR"] == "6.6.6.6"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 3\r\nContent-Length: 5\r\n",
        b"".join(b"X%d: a\r\n" % n for n in range(200)),
    ],
)
def test_an_ambiguous_or_endless_header_is_refused(served, bind, head):
    with pytest.raises(ValueError, match="Expecting value"):
        asked(bind, head, method=b"POST")
    assert answers(bind)


def test_port_in_use_is_refused(served, bind, tmp_path):
    second = subprocess.run(
        [sys.executable, "-m", "tests.served_app", bind],
        env=environ(tmp_path), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert second.stderr.endswith(f"Cannot listen at {bind}: Address already in use\n")
    assert "Traceback" not in second.stderr
    assert answers(bind)


def test_a_worker_that_dies_is_replaced_while_another_answers(served, bind):
    dead = workers(served)[0]
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: dead not in workers(served))
    assert answers(bind)
    wait_until(lambda: len(workers(served)) == 2)


def test_what_is_under_way_ends_before_the_server_does(tmp_path):
    """The request gets its answer, and the worker's mail ends too; a file may be the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    statuses = []

    def ask():
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/slow")
        statuses.append(connection.getresponse().status)

    with running(f"127.0.0.1:{port}", tmp_path) as server:
        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.5)
        server.terminate()
        thread.join()
        out, _ = server.communicate(timeout=40)
    assert statuses == [200]
    assert out == b"mail ended\n" * 2
    assert server.returncode == 0


def test_a_socket_that_is_a_file_answers(tmp_path):
    bind = f"unix:{tmp_path}/commun.sock"
    with running(bind, tmp_path):
        assert answers(bind)
    assert not Path(bind.removeprefix("unix:")).exists()


def test_a_refused_start_ends_with_one_line(tmp_path):
    (tmp_path / "static").mkdir()
    refused = subprocess.run(
        [sys.executable, "-m", "commons.server", "127.0.0.1:0"],
        env=environ(tmp_path, SITE_URL="https://commun.example", SECRET_KEY="short"),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert refused.stderr.startswith("This start is refused. SECRET_KEY is too weak")
    assert refused.stderr.count("\n") == 1
