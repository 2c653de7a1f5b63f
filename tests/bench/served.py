"""Print how a page kept in memory is served, beside a constant answer of its size: `make bench`.

One server, as `bin/serve` starts it, answers both. Needs `wrk` (Debian has it).
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

ADDRESS = ("localhost", int(os.environ.get("PORT", "8197")))
HOST = f"http://localhost:{ADDRESS[1]}"
PAGE = "/fr/"
FEED = "/fr/flux.xml"  # small to render, and no end of addresses
ROUNDS = 7
SECONDS = 2


def load():
    """The site, and `/constant/20000`: so many bytes, by nobody's work."""
    from commons.server import application

    site = application()

    def answer(environ, start_response):
        path = environ["PATH_INFO"]
        if not path.startswith("/constant/"):
            return site(environ, start_response)
        body = b"x" * int(path.rsplit("/", 1)[1])
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    return answer


def wrk(path: str) -> tuple[float, float]:
    """(answers a second, 99th centile in milliseconds) at 32 connections."""
    command = ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "--latency", HOST + path]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
    milliseconds = float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]), milliseconds


def serve(workers: int = 2) -> subprocess.Popen:
    """A small site on the real server; returns once its workers answer."""
    command = [sys.executable, "-m", "tests.bench.served", "serve"]
    server = subprocess.Popen(command, env={**os.environ, "WEB_CONCURRENCY": str(workers)})
    for _ in range(60):
        time.sleep(0.5)
        try:
            urlopen(HOST + PAGE, timeout=5)
            return server
        except OSError:
            continue
    server.terminate()
    raise SystemExit("The server does not answer.")


def asked(pages: int) -> int:
    """Ask the worker for so many distinct addresses, four at once; the bytes that they sent."""

    def some(start: int) -> int:
        connection, read = HTTPConnection(*ADDRESS), 0
        for number in range(start, pages, 4):
            connection.request("GET", f"{FEED}?page={number}")
            answer = connection.getresponse()
            read += len(answer.read())
            assert answer.status == 200, answer.status
        connection.close()
        return read

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(some, range(4)))


def memory(pages: int) -> None:
    """How much one real worker grows when it is asked for so many distinct addresses."""
    megabytes = int(os.environ.get("PAGE_CACHE_MB", "32"))
    server = serve(workers=1)
    try:
        asked(100)
        before, start = rss(server.pid), time.perf_counter()
        sent = asked(pages) / 1e6
        spent, grown = time.perf_counter() - start, rss(server.pid) - before
    finally:
        stop(server)
    told = f"{pages} addresses ({sent:.0f} MB, and gzip) with PAGE_CACHE_MB={megabytes}"
    print(f"{told}: worker {before:.0f} MB, then +{grown:.0f} MB, in {spent:.0f} s", flush=True)


def rss(pid: int) -> float:
    """Megabytes of memory of the only worker of this server."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{children[0]}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1000


def stop(server: subprocess.Popen) -> None:
    server.terminate()
    server.wait()


def worked(pid: int) -> float:
    """Seconds of processor that the workers of this server used."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    stats = [Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1] for child in children]
    ticks = sum(int(stat.split()[11]) + int(stat.split()[12]) for stat in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


def compare(server: subprocess.Popen) -> None:
    """By turns, so that what else the machine does slows both; then the medians."""
    for _ in range(10):  # both workers
        size = len(urlopen(HOST + PAGE).read())
    print(f"{'round':<8}{'constant/s':>12}{'p99 ms':>8}{'page/s':>10}{'p99 ms':>8}{'ratio':>8}")
    ratios, spent = [], {}
    for number in range(ROUNDS):
        told = []
        for path in (f"/constant/{size}", PAGE):
            before = worked(server.pid)
            speed, late = wrk(path)
            told += [speed, late]
            busy = (worked(server.pid) - before) / (speed * SECONDS) * 1e6
            spent.setdefault(path, []).append(busy)
        ratios.append(told[2] / told[0])
        figures = "{:>12.0f}{:>8.1f}{:>10.0f}{:>8.1f}".format(*told)
        print(f"{number + 1:<8}{figures}{ratios[-1]:>8.2f}", flush=True)
    constant, page = (statistics.median(figures) for figures in spent.values())
    print(f"median ratio {statistics.median(ratios):.2f}; of processor an answer:", end=" ")
    print(f"constant {constant:.0f} µs, page {page:.0f} µs, ratio {constant / page:.2f}")


def main() -> None:
    from django.core.management import call_command

    from tests import factories

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    factories.site()
    for number in range(3):
        factories.article(title=f"Article {number}")
    server = serve()
    try:
        compare(server)
    finally:
        stop(server)
    memory(10_000)


if sys.argv[1:] == ["serve"]:
    from commons.server import serve as serve_until_stopped

    serve_until_stopped(f"127.0.0.1:{ADDRESS[1]}", load)
elif __name__ == "__main__":
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
