"""Print queries and milliseconds of each page with 45, then 10,000 resources: `make bench`.

Milliseconds of processor are those of this process through all middleware, without the answers
kept in memory. Other programs on the machine still slow them: compare within one run only.
"""

import statistics
import sys
import time
from typing import NamedTuple

from tests.bench import environment  # noqa: F401 - before any model

# isort: split

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons.resources.case_study import CaseOrganisation, Inspiration, Lesson
from commons.taxonomy.models import COMMON, Term
from tests import factories
from tests.asking import settle
from tests.bench.shelf import fill, prepare_site

ROUNDS = 15


def one_of_each() -> dict[str, str]:
    """Name -> address of one resource of each kind, filed, tagged and with all that it may show."""
    terms = [Term.objects.canonical().filter(vocabulary=name).first() for name in COMMON]
    filed = {"terms": [term for term in terms if term], "tags": ["vente", "local"]}
    story = "<p>" + "Les fermes livrent ensemble chaque semaine. " * 40 + "</p>"
    case = factories.case_study(
        **filed,
        **dict.fromkeys(("context", "objectives", "actions", "results"), story),
        organisations=[CaseOrganisation(name="Une ferme", commune="Blois")],
        inspirations=[Inspiration(source=factories.case_study(**filed))],
        lessons=[
            Lesson(kind=kind, text="Partager.", locale=factories.library().locale)
            for kind in Lesson.Kind.values
        ],
    )
    factories.case_study(**filed, inspirations=[Inspiration(source=case)])
    long = factories.body("Les fermes livrent ensemble. " * 200)
    pages = {
        "article": factories.article(**filed, body=long),
        "guide": factories.guide(**filed),
        "case study": case,
        "external resource": factories.external_resource(**filed, body=long),
        "generic model": factories.generic_model(**filed),
        "question": factories.question(**filed, body=long),
        "recording": factories.recording(**filed, transcript=long, url="https://exemple.org/a.mp3"),
    }
    return {name: page.get_url() for name, page in pages.items()}


def addresses() -> dict[str, str]:
    library = "/fr/se-documenter/"
    return {
        "sign in": reverse("account_login"),  # needs nothing of the library: how the machine does
        "home": "/fr/",
        "library": library,
        "library, 2 facets": f"{library}?theme=circuits-courts&audience=producteurs",
        "library, a word": f"{library}?q=marche",
        "library, last page": f"{library}?page=9999",
        **one_of_each(),
        "sitemap": "/sitemap.xml",
    }


class Spent(NamedTuple):
    """What an address costs once it is warm: milliseconds are medians."""

    queries: int
    processor: float
    clock: float
    size: int


def measure(client: Client, shown: dict[str, str]) -> dict[str, Spent]:
    """By turns, so that another program that wakes up slows every page alike."""
    queries, sizes, times = {}, {}, {name: [] for name in shown}
    for name, address in shown.items():
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        sizes[name] = len(answer.content)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries[name] = len(asked)
    for _ in range(ROUNDS):
        for name, address in shown.items():
            start, busy = time.perf_counter(), time.process_time()
            client.get(address)
            times[name].append((time.process_time() - busy, time.perf_counter() - start))
    found = {}
    for name, rows in times.items():
        busy, spent = (statistics.median(column) * 1000 for column in zip(*rows, strict=True))
        found[name] = Spent(queries[name], busy, spent, sizes[name])
    return found


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    prepare_site()
    client, shown, first = Client(headers={"host": "localhost"}), addresses(), {}
    for total in [int(number) for number in sys.argv[1:]] or [45, 10_000]:
        start = time.perf_counter()
        fill(factories.library(), total)  # and indexes
        settle()
        print(f"\n{total} resources, made and indexed in {time.perf_counter() - start:.1f} s")
        print(f"{'page':<20}{'queries':>8}{'CPU ms':>9}{'× first':>9}{'ms':>9}{'kB':>8}")
        for name, spent in measure(client, shown).items():
            ratio = spent.processor / first.setdefault(name, spent.processor)
            figures = f"{spent.queries:>8}{spent.processor:>9.1f}{ratio:>9.2f}"
            print(f"{name:<20}{figures}{spent.clock:>9.1f}{spent.size / 1000:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
