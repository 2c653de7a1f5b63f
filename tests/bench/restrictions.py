"""Print what lists cost with 10,000 restrictions and none: `python -m tests.bench.restrictions`."""

import os
import shutil
import tempfile

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
from django.http import QueryDict  # noqa: E402
from wagtail.models import PageViewRestriction  # noqa: E402

from commons.pages import restrictions  # noqa: E402
from commons.pages.browsing import browse  # noqa: E402
from commons.pages.visibility import visible_pages  # noqa: E402
from commons.resources.listing import LIBRARY  # noqa: E402
from commons.resources.models import Article, LibraryPage  # noqa: E402
from commons.taxonomy.reference import load_reference  # noqa: E402
from search.contract import rebuild  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench import shelf  # noqa: E402
from tests.bench.search import spent  # noqa: E402

PAGES = 10_000


def measure(member) -> dict[str, float]:
    section = LibraryPage.objects.select_related("locale").get(pk=factories.library().pk)
    found = {}
    for who, user in (("visitor", AnonymousUser()), ("member", member)):
        acts = {
            "count": lambda user=user: visible_pages(user).count(),
            "latest 20": lambda user=user: list(
                visible_pages(user).order_by("-first_published_at")[:20]
            ),
            "library": lambda user=user: browse(section, LIBRARY, QueryDict(), user=user),
            "search": lambda user=user: browse(section, LIBRARY, QueryDict("q=circuit"), user=user),
        }
        for name, act in acts.items():
            found[f"{name}, {who}"] = spent(act).processor
    page = Article.objects.live().latest("pk")
    found["publication"] = spent(lambda: page.save_revision().publish()).processor
    return found


def main() -> None:
    call_command("migrate", verbosity=0)
    factories.site()
    load_reference(settings.BASE_DIR / "fixtures" / "reference")
    library = factories.library()
    shelf.fill(library, 2 * PAGES, indexed=False)
    list(rebuild())
    member = factories.member()
    before = measure(member)
    pages = Article.objects.order_by("pk")[:PAGES]
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page_id=pk, restriction_type=PageViewRestriction.PASSWORD, password="x")
        for pk in pages.values_list("pk", flat=True)
    )
    stored = spent(restrictions.store_all, 1, warm=False)
    print(f"storing {PAGES:,} restrictions at once: {stored.processor:,.0f} ms")
    after = measure(member)
    print(f"{'milliseconds of processor':<24}{'none':>9}{PAGES:>9,}{'ratio':>9}")
    for name, cost in after.items():
        print(f"{name:<24}{before[name]:>9.1f}{cost:>9.1f}{cost / before[name]:>9.2f}")


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(VAR, ignore_errors=True)
