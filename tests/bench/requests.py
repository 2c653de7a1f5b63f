"""Print the processor seconds of the heaviest requests that anybody may send: `make bench`.

Fails when one takes a second or more. Over 2,000 pages, in this process, no request under way.
"""

import sys
import time
from urllib.parse import urlencode

from tests.bench import environment  # noqa: F401 - before any model

# isort: split

from django.core.management import call_command
from django.test import Client

from commons.contributions.models import new_token
from tests import factories
from tests.bench.shelf import fill, prepare_site

MOST = 1.0  # seconds of processor
WORDS = " ".join(f"zq{chr(97 + n % 26)}x{chr(97 + n // 26)}bk" for n in range(200))
FORMS = ["article", "ressource-externe", "etude-de-cas", "question"]
TEXTS = [
    "[" * 12_000,
    "- a\n" * 5_000,
    "**a** " * 3_000,
    "a " * 10_000,
    "=\n" * 9_000,
    "é" * 20_000,
]
FIELDS = ("title", "summary", "text", "context", "actions", "results", "answer", "difficulties")


def requests() -> list[tuple[str, dict]]:
    """A name, and what `Client.generic` is to send."""
    filters = urlencode([("theme", f"t{n}") for n in range(2_000)])
    fields = urlencode([(f"a{n}", "1") for n in range(900)])
    cases = []
    for path in ("/fr/recherche/", "/fr/recherche/suggestions/", "/fr/se-documenter/"):
        cases.append((f"200 words {path}", {"path": path, "query": urlencode({"q": WORDS})}))
    for path in ("/fr/se-documenter/", "/fr/se-former/", "/fr/recherche/"):
        cases.append((f"2,000 filters {path}", {"path": path, "query": filters}))
        cases.append((f"900 parameters {path}", {"path": path, "query": fields}))
    cookie = {"HTTP_COOKIE": "; ".join(f"c{n}={'a' * 90}" for n in range(600))}
    cases.append(("60 kB of cookies", {"path": "/fr/", "headers": cookie}))
    cases.append(
        (
            "60 kB of cookies, signed",
            {
                "path": "/fr/",
                "headers": {"HTTP_COOKIE": f"messages={'a' * 60_000}; sessionid={'b' * 4_000}"},
            },
        )
    )
    long = {"HTTP_ACCEPT_LANGUAGE": "fr-x," * 12_000, "HTTP_REFERER": "http://x/" + "[" * 60_000}
    cases.append(("60 kB in a header", {"path": "/compte/login/", "headers": long}))
    cases.append(("a path of 1,000 folders", {"path": "/fr/" + "a/" * 1_000}))
    cases.append(("a path of 20 kB", {"path": "/fr/" + "é" * 10_000 + "/"}))
    for kind in FORMS:
        for text in TEXTS:
            body = dict.fromkeys(FIELDS, text) | {"licence_ok": "on", "token": new_token()}
            for act in ("preview", "send", "save"):
                name = f"propose {kind}, {text[:4]!r}, {act}"
                path = f"/fr/se-documenter/proposer/{kind}/"
                cases.append((name, {"path": path, "body": urlencode(body | {"do": act})}))
    for path in ("/compte/login/", "/compte/signup/", "/compte/password/reset/"):
        body = dict.fromkeys(
            ("login", "email", "password", "password1", "display_name"), "é" * 30_000
        )
        cases.append((f"30,000 letters {path}", {"path": path, "body": urlencode(body)}))
        cases.append((f"2,000 fields {path}", {"path": path, "body": fields + "&" + fields[::-1]}))
    return cases


def seconds(client: Client, *, path: str, query: str = "", body: str = "", headers=None) -> tuple:
    """Seconds of processor, and the status of the answer."""
    environ = {"QUERY_STRING": query, **(headers or {})}
    start = time.process_time()
    kind = "application/x-www-form-urlencoded"
    method = "POST" if body else "GET"
    status = client.generic(
        method, path, body, content_type=kind if body else "", **environ
    ).status_code
    return time.process_time() - start, status


def main() -> bool:
    call_command("collectstatic", interactive=False, verbosity=0)
    prepare_site()
    fill(factories.library(), 2_000)
    factories.trainings_page()
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.get("/fr/recherche/", {"q": "marche"})
    costs = []
    for number, (name, request) in enumerate(requests()):
        client.defaults["REMOTE_ADDR"] = f"198.51.{number}.7"  # limits are not what is measured
        cost, status = seconds(client, **request)
        costs.append((cost, status, name))
    for cost, status, name in sorted(costs, reverse=True)[:25]:
        print(f"{cost:6.3f} s  {status}  {name}")
    print(f"{len(costs)} requests")
    return all(cost < MOST and status < 500 for cost, status, _name in costs)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
