"""Print the milliseconds of searches at several sizes: `python -m tests.bench.search 10000 50000`.

On SQLite in a folder of its own, or on the PostgreSQL of BENCH_DATABASE_URL (an empty database).
« stock » is Wagtail's own database back end on the same pages, measured up to 10,000 of them.
"""

import functools
import statistics
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.bench import environment  # noqa: F401 - before any model

# isort: split

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection, transaction
from django.http import QueryDict
from wagtail.models import Page
from wagtail.search.backends.database import SearchBackend

from commons.pages.browsing import browse
from commons.pages.site_search import suggest
from commons.resources.listing import LIBRARY
from commons.resources.models import Article, LibraryPage
from search import index
from search.contract import (
    Query,
    Scope,
    rebuild,
    search,
)
from search.models import Change
from tests import factories
from tests.bench import shelf

ROUNDS = 15
STOCK_UP_TO = 10_000
ANYONE = AnonymousUser()
COMMON = "a word in 60 % of pages"
# Milliseconds on a machine that does nothing else, on SQLite; PostgreSQL within three times. By
# number of resources, 0 for any.
TARGETS: dict[str, dict[int, int]] = {
    "rebuild, a page": {0: 3},
    COMMON: {10_000: 60, 50_000: 250},
    "a rare word": {0: 15},
    "suggestions": {10_000: 30},
    "suggestions, common": {10_000: 30},
    "one page indexed again": {0: 10},
}


class Spent(NamedTuple):
    """Milliseconds of one act: the least and the median by the clock, the median of processor.

    The last says what it costs when other programs use the machine; not PostgreSQL's own share.
    """

    least: float
    median: float
    processor: float


def spent(act: Callable[[], object], rounds: int = ROUNDS, *, warm: bool = True) -> Spent:
    """What `act` costs, once it is warm if `warm`."""
    times = []
    for _ in range(rounds + warm):
        start, busy = time.perf_counter(), time.process_time()
        act()
        times.append((time.perf_counter() - start, time.process_time() - busy))
    clock, processor = ([n * 1000 for n in column] for column in zip(*times[warm:], strict=True))
    return Spent(min(clock), statistics.median(clock), statistics.median(processor))


def shown(query: str) -> None:
    """First 20, count and all facets, as the library page shows them."""
    browse(section(), LIBRARY, QueryDict(query), user=ANYONE)


@functools.cache
def section() -> LibraryPage:
    """The library; looking for it by its slug, as tests do, reads all pages."""
    return LibraryPage.objects.select_related("locale").get(pk=factories.library().pk)


def index_one() -> None:
    with transaction.atomic():
        index.put([Article.objects.latest("pk")])


def after_a_change(query: str) -> None:
    """The first search of a process after a publication."""
    Change.record([Article.objects.latest("pk").pk])
    shown(query)


def line(name: str, found: Spent, total: int) -> None:
    target = TARGETS.get(name, {})
    target = target.get(total, target.get(0, ""))
    figures = "".join(f"{figure:>9.1f}" for figure in found)
    print(f"{name:<28}{target:>9}{figures}", flush=True)


def stock(words: str) -> None:
    """Twenty pages, the count and one facet, by Wagtail's own back end."""
    backend = SearchBackend({})
    found = backend.search(words, Page.objects.filter(live=True))
    list(found[:20])
    found.count()
    found.facet("content_type_id")


def just_so(words: str) -> None:
    """As much and more, by ours: twenty pages, the count and every facet, no names nor cards."""
    facets = ["type", *LIBRARY.facets]
    results = search(Query(words, Scope(language="fr"), facets=facets))
    list(Page.objects.filter(pk__in=results.ids[:20]))
    assert results.facets


MEASURES: dict[str, Callable[[], object]] = {
    COMMON: lambda: shown("q=circuit"),
    "  first after a change": lambda: after_a_change("q=circuit"),
    "  with 2 filters": lambda: shown("q=circuit&theme=circuits-courts&stage=idee"),
    "a rare word": lambda: shown("q=topinambour"),
    "a question of 6 words": lambda: shown("q=quel+prix+pour+livraison+cantine+ferme+marche"),
    "a typing error": lambda: shown("q=topinanbour"),
    "no word, all facets": lambda: shown(""),
    "suggestions": lambda: suggest("topi", language="fr", user=ANYONE),
    "suggestions, common": lambda: suggest("fer", language="fr", user=ANYONE),
    "one page indexed again": index_one,
}


def measure(total: int) -> float:
    """Print the lines of one size; the processor's milliseconds of the common word."""
    shelf.fill(factories.library(), total, indexed=False)
    print(f"\n{total:,} resources{'target':>26}{'least':>9}{'median':>9}{'CPU':>9}   ms")
    rebuilt = spent(lambda: list(rebuild()), 1, warm=False)
    line("rebuild, a page", Spent(*(figure / total for figure in rebuilt)), total)
    found = {}
    for name, act in MEASURES.items():
        found[name] = spent(act)
        line(name, found[name], total)
    if total <= STOCK_UP_TO:
        call_command("update_index", verbosity=0)
        theirs, ours = spent(lambda: stock("circuit"), 1), spent(lambda: just_so("circuit"))
        line("Wagtail's own back end", theirs, total)
        line("  the same by ours", ours, total)
        print(f"  {theirs.least / ours.least:.0f} times as fast")
    return found[COMMON].processor


def main() -> None:
    shelf.prepare_site()
    print(connection.vendor)
    sizes = [int(number) for number in sys.argv[1:]] or [1_000, 10_000, 50_000]
    common = {}
    for total in sizes:
        common[total] = measure(total)
    if {10_000, 50_000} <= common.keys():
        grown = common[50_000] / common[10_000]
        print(f"\nFrom 10,000 to 50,000, {COMMON} takes {grown:.1f} times as long (6 at most).")


if __name__ == "__main__":
    main()
