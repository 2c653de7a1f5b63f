"""Print the milliseconds of searches at several sizes: `python -m tests.bench.search 1000 10000`.

On SQLite in a folder of its own, or on the PostgreSQL of BENCH_DATABASE_URL (an empty database).
« stock » is Wagtail's own database back end on the same pages, measured up to 10,000 of them.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

VAR = tempfile.mkdtemp(prefix="commun-bench-")
os.environ |= {"VAR_DIR": VAR, "DJANGO_SETTINGS_MODULE": "commons.settings"}
for name in ("DEBUG", "DEMO", "SITE_URL", "DATABASE_URL", "CACHE_URL"):
    os.environ.pop(name, None)
if "BENCH_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import QueryDict  # noqa: E402
from wagtail.models import Page  # noqa: E402
from wagtail.search.backends.database import SearchBackend  # noqa: E402

from commons.pages.browsing import browse  # noqa: E402
from commons.pages.finding import suggest  # noqa: E402
from commons.resources.models import Article  # noqa: E402
from commons.resources.shelving import LIBRARY  # noqa: E402
from commons.taxonomy.reference import load_reference  # noqa: E402
from search import index  # noqa: E402
from search.rebuild import rebuild  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench import shelf  # noqa: E402

ROUNDS = 7
STOCK_UP_TO = 10_000
ANYONE = AnonymousUser()


def median(act: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median milliseconds of `act` once it is warm: by the clock, and of processor.

    The second says what it costs when other programs use the machine; not PostgreSQL's own share.
    """
    times = []
    for _ in range(rounds + 1):
        start, busy = time.perf_counter(), time.process_time()
        act()
        times.append((time.perf_counter() - start, time.process_time() - busy))
    return tuple(
        statistics.median(column) * 1000 for column in zip(*(times[1:] or times), strict=True)
    )


def shown(query: str) -> None:
    """First 20, count and all facets, as the library page shows them."""
    browse(factories.library(), LIBRARY, QueryDict(query), user=ANYONE)


def index_one() -> None:
    with transaction.atomic():
        index.put([Article.objects.latest("pk")])


def line(name: str, measured: tuple[float, float]) -> None:
    print(f"{name:<28}{measured[0]:>9.1f} ms{measured[1]:>9.1f} ms of processor", flush=True)


def stock(words: str) -> None:
    """The same by Wagtail's own back end: twenty, the count, one facet."""
    backend = SearchBackend({})
    found = backend.search(words, Page.objects.filter(live=True))
    list(found[:20])
    found.count()
    found.facet("content_type_id")


def main() -> None:
    call_command("migrate", verbosity=0)
    factories.site()
    load_reference(settings.BASE_DIR / "fixtures" / "reference")
    print(connection.vendor)
    for total in [int(number) for number in sys.argv[1:]] or [1_000, 10_000]:
        shelf.fill(factories.library(), total, indexed=False)
        print(f"\n{total} resources")
        line("rebuild, each page", [spent / total for spent in median(lambda: list(rebuild()), 0)])
        measures = {
            "a word in 60 % of pages": lambda: shown("q=circuit"),
            "the same, 2 filters": lambda: shown("q=circuit&theme=circuits-courts&stage=idee"),
            "a rare word": lambda: shown("q=topinambour"),
            "a question of 6 words": lambda: shown(
                "q=quel+prix+pour+livraison+cantine+ferme+marche"
            ),
            "a typing error": lambda: shown("q=topinanbour"),
            "no word, all facets": lambda: shown(""),
            "suggestions": lambda: suggest("topi", language="fr", user=ANYONE),
            "suggestions, common": lambda: suggest("fer", language="fr", user=ANYONE),
        }
        for name, act in measures.items():
            line(name, median(act))
        line("one page indexed again", median(index_one))
        if total <= STOCK_UP_TO and "STOCK" in os.environ:
            call_command("update_index", verbosity=0)
            line("stock, 60 %", median(lambda: stock("circuit"), 1))


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(VAR, ignore_errors=True)
