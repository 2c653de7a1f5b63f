"""Print how a page kept in memory is served, beside a constant answer of its size: `make bench`.

One server, as `bin/serve` starts it, answers both. Needs `wrk` (Debian has it).
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from urllib.request import urlopen

HOST = "http://localhost:8197"
PAGE = "/fr/"
ROUNDS = 3
SECONDS = 4


def application(environ, start_response):
    """The site, and `/constant/20000`: so many bytes, by nobody's work."""
    path = environ["PATH_INFO"]
    if path.startswith("/constant/"):
        body = b"x" * int(path.rsplit("/", 1)[1])
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
    from commons.wsgi import application as site

    return site(environ, start_response)


def wrk(path: str) -> tuple[float, float]:
    """(answers a second, 99th centile in milliseconds) at 32 connections."""
    command = ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "--latency", HOST + path]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
    milliseconds = float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]), milliseconds


def serve() -> subprocess.Popen:
    """Two workers of eight threads on a small site; returns once they answer."""
    command = [sys.executable, "-m", "gunicorn", "tests.bench.served:application"]
    options = ["--bind", "127.0.0.1:8197", "--workers", "2", "--threads", "8"]
    server = subprocess.Popen([*command, *options, "--log-level", "error"])
    for _ in range(60):
        time.sleep(0.5)
        try:
            urlopen(HOST + PAGE, timeout=5)
            return server
        except OSError:
            continue
    server.terminate()
    raise SystemExit("The server does not answer.")


def memory(pages: int) -> None:
    """How much a process grows when it is asked for so many pages of 20 kB."""
    from commons.answers import Answers
    from commons.pages.generation import generation

    def page(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [os.urandom(10_000).hex().encode()]

    most = 32_000_000
    app, before = Answers(page, most=most, where=generation()), rss()
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
    for number in range(pages):
        asked = {**environ, "PATH_INFO": "/fr/", "QUERY_STRING": f"page={number}"}
        app(asked, lambda *told: None)
    print(f"{pages} pages of 20 kB with 32 MB: +{rss() - before:.0f} MB, {len(app.kept)} kept")


def rss() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    from django.core.management import call_command

    from tests import factories

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    factories.site()
    for number in range(3):
        factories.article(title=f"Article {number}")
    memory(10_000)
    server = serve()
    try:
        for _ in range(10):  # both workers
            size = len(urlopen(HOST + PAGE).read())
        print(f"{'round':<8}{'constant/s':>12}{'p99 ms':>8}{'page/s':>10}{'p99 ms':>8}{'ratio':>8}")
        for number in range(ROUNDS):
            constant, late = wrk(f"/constant/{size}")
            page, later = wrk(PAGE)
            figures = f"{constant:>12.0f}{late:>8.1f}{page:>10.0f}{later:>8.1f}"
            print(f"{number + 1:<8}{figures}{page / constant:>8.2f}", flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    var = tempfile.mkdtemp(prefix="commun-bench-")
    os.environ |= {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "commons.settings"}
    for name in ("DEBUG", "DEMO", "SITE_URL", "DATABASE_URL", "CACHE_URL", "PAGE_CACHE_MB"):
        os.environ.pop(name, None)
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing: apt install wrk")
    try:
        import django

        django.setup()
        main()
    finally:
        shutil.rmtree(var, ignore_errors=True)
