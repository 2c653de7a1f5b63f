"""Print queries and milliseconds of the main pages with 45, then 5,000 resources: `make bench`."""

import os
import shutil
import statistics
import sys
import tempfile
import time

VAR = tempfile.mkdtemp(prefix="commun-bench-")
os.environ |= {"VAR_DIR": VAR, "DJANGO_SETTINGS_MODULE": "commons.settings"}
for name in ("DEBUG", "DEMO", "SITE_URL", "DATABASE_URL", "CACHE_URL"):
    os.environ.pop(name, None)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from commons.resources.models import Article  # noqa: E402
from commons.taxonomy.reference import load_reference  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench.shelf import fill  # noqa: E402

ROUNDS = 7


def addresses() -> dict[str, str]:
    slug = Article.objects.order_by("pk").values_list("slug", flat=True)[0]
    library = "/fr/se-documenter/"
    return {
        "home": "/fr/",
        "library": library,
        "library, 2 facets": f"{library}?theme=circuits-courts&audience=producteurs",
        "library, a word": f"{library}?q=marche",
        "library, last page": f"{library}?page=9999",
        "resource": f"{library}{slug}/",
        "sitemap": "/sitemap.xml",
    }


def measure(client: Client, address: str) -> tuple[int, float, int]:
    """(queries, median milliseconds, bytes) of an address once it is warm."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked, times = len(queries), []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return asked, statistics.median(times), len(answer.content)


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    factories.site()
    load_reference(settings.BASE_DIR / "fixtures" / "reference")
    client = Client(headers={"host": "localhost"})
    for total in [int(number) for number in sys.argv[1:]] or [45, 5000]:
        start = time.perf_counter()
        fill(factories.library(), total)
        print(f"\n{total} resources, made and indexed in {time.perf_counter() - start:.1f} s")
        print(f"{'page':<20}{'queries':>8}{'ms':>9}{'kB':>8}")
        for name, address in addresses().items():
            queries, milliseconds, size = measure(client, address)
            print(f"{name:<20}{queries:>8}{milliseconds:>9.1f}{size / 1000:>8.1f}", flush=True)


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(VAR, ignore_errors=True)
