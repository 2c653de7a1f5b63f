"""Print what becomes of 200 members who sign up at once for the last 5 seats: `make bench`.

The server is the one of `bin/serve`; the database is SQLite, and also PostgreSQL when DATABASE_URL
names a server on which a database may be made.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

PEOPLE, SEATS = 200, 5
PORT = int(os.environ.get("PORT", "8198"))
SLOWEST = 3.0  # seconds: the 99th centile


def prepare() -> tuple[str, list[str]]:
    """(path of the sign-up form, one session cookie a member) on a database made for it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from commons.agenda.presentation import address
    from tests import factories

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    factories.site()
    page = factories.training(title="La course")
    session = factories.session(page, capacity=SEATS)
    keys = []
    for number in range(PEOPLE):
        member = factories.Member.objects.create_user(f"p{number:03}@example.org", None)
        factories.confirm_address(member)
        store = SessionStore()
        store[SESSION_KEY] = str(member.pk)
        store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        store[HASH_SESSION_KEY] = member.get_session_auth_hash()
        store.create()
        keys.append(store.session_key)
    return address("session_register", page, session), keys


def serve() -> subprocess.Popen:
    """The server as `bin/serve` starts it; returns once both workers answer."""
    server = subprocess.Popen([sys.executable, "-m", "commons.server", f"127.0.0.1:{PORT}"])
    for _ in range(120):
        time.sleep(0.5)
        try:
            if all(ask("GET", "/fr/", "")[0] == 200 for _ in range(10)):
                return server
        except OSError:
            continue
    server.terminate()
    raise SystemExit("The server does not answer.")


def ask(method: str, path: str, key: str, *, typed: str = "", cookie: str = ""):
    """(status, text, cookies) of one request with a connection of its own."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Cookie": f"sessionid={key}; {cookie}"} if key else {}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, typed, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    cookies = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    return answer.status, text, "; ".join(found.partition(";")[0] for found in cookies)


def worked(server: subprocess.Popen) -> float:
    """Seconds of processor that the workers have used: what a quiet machine needs."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def forms_of(path: str, keys: list[str]) -> list[tuple[str, str, str]]:
    """(session, what the form holds, cookie) of each member, who has the page before their eyes."""
    forms = []
    for key in keys:
        status, text, cookie = ask("GET", path, key)
        assert status == 200, status
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
        forms.append((key, f"csrfmiddlewaretoken={token}", cookie))
    return forms


def run(path: str, forms: list[tuple[str, str, str]]) -> tuple[list, list[float]]:
    """(status or fault, seconds) of each member's button, all pressed at the same moment."""
    gate = threading.Barrier(len(forms))
    results, seconds = [None] * len(forms), [0.0] * len(forms)

    def press(number: int) -> None:
        key, typed, cookie = forms[number]
        gate.wait()
        start = time.perf_counter()
        try:
            results[number] = ask("POST", path, key, typed=typed, cookie=cookie)[0]
        except OSError as error:
            results[number] = repr(error)
        seconds[number] = time.perf_counter() - start

    threads = [threading.Thread(target=press, args=[number]) for number in range(len(forms))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, seconds


def check(results: list, seconds: list[float]) -> list[str]:
    """What is not as it should be."""
    from commons.agenda.models import Registration, Session
    from commons.agenda.waiting_list import positions
    from commons.members.models import OutgoingMail

    session = Session.objects.get()
    confirmed = Registration.objects.confirmed().count()
    places = sorted(positions(session).values())
    p99 = statistics.quantiles(seconds, n=100)[98]
    print(f"  confirmed {confirmed}, waiting {len(places)}, letters {OutgoingMail.objects.count()}")
    answers = {str(result): results.count(result) for result in results}
    print(f"  answers {answers}; median {statistics.median(seconds):.2f} s, p99 {p99:.2f} s")
    wrong = {
        "seats": confirmed != SEATS,
        "places on the list": places != list(range(1, PEOPLE - SEATS + 1)),
        "answers": results != [302] * PEOPLE,
        "letters": OutgoingMail.objects.count() != PEOPLE,
        "slow": p99 > SLOWEST,
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def race() -> None:
    """One race on the database that the environment names."""
    import django

    django.setup()
    from django.db import connection, connections

    path, keys = prepare()
    connections.close_all()
    server = serve()
    try:
        forms, load = forms_of(path, keys), os.getloadavg()[0]
        before = worked(server)
        results, seconds = run(path, forms)
        print(f"{connection.vendor}: {PEOPLE} members at once, {SEATS} seats")
        cost = worked(server) - before
        told = f"{cost:.1f} s of processor, load {load:.1f} on {os.cpu_count()} before"
        print(f"  took the server {told}", flush=True)
        wrong = check(results, seconds)
    finally:
        server.terminate()
        server.wait()
        connections.close_all()
    if wrong:
        raise SystemExit(f"Not as it should be: {', '.join(wrong)}")


def main() -> None:
    """A process and a folder for each database."""
    given, failed = os.environ.get("DATABASE_URL", ""), False
    for url in ["", given] if given else [""]:
        folder = tempfile.mkdtemp(prefix="commun-race-")
        environ = {name: os.environ[name] for name in os.environ if name != "DATABASE_URL"}
        for name in ("DEBUG", "DEMO", "SITE_URL", "CACHE_URL", "EMAIL_URL", "MEDIA_ROOT"):
            environ.pop(name, None)
        environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "commons.settings"}
        environ["SITE_URL"] = f"http://127.0.0.1:{PORT}"
        try:
            with scratch(url) as own:
                environ |= {"DATABASE_URL": own} if own else {}
                command = [sys.executable, "-m", "tests.bench.race", "once"]
                failed |= bool(subprocess.run(command, env=environ, check=False).returncode)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(failed)


class scratch:  # noqa: N801 - used like contextlib.closing
    """The address of a database made for the race on the server of `url`, dropped at the end."""

    def __init__(self, url: str):
        self.url, self.name = url, f"commun_race_{os.getpid()}"

    def __enter__(self) -> str:
        if self.url:
            self.tell(f"CREATE DATABASE {self.name}")
        return self.url.rpartition("/")[0] + f"/{self.name}" if self.url else ""

    def __exit__(self, *raised) -> None:
        if self.url:
            self.tell(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def tell(self, words: str) -> None:
        import dj_database_url
        import psycopg

        found = dj_database_url.parse(self.url)
        given = {name: found[name.upper()] for name in ("host", "port", "user", "password")}
        given = {name: value for name, value in given.items() if value}
        with psycopg.connect(dbname=found["NAME"], autocommit=True, **given) as connection:
            connection.execute(words)


if __name__ == "__main__":
    race() if sys.argv[1:] == ["once"] else main()
