"""Print what lists cost with 10,000 restrictions and none: `python -m tests.bench.restrictions`."""

from tests.bench import environment  # noqa: F401 - before any model

# isort: split

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from wagtail.models import PageViewRestriction

from commons.pages import restrictions
from commons.pages.browsing import browse
from commons.pages.visibility import visible_pages
from commons.resources.listing import LIBRARY
from commons.resources.models import Article, LibraryPage
from search.contract import rebuild
from tests import factories
from tests.bench import shelf
from tests.bench.search import spent

PAGES = 10_000


def measure(member) -> dict[str, float]:
    section = LibraryPage.objects.select_related("locale").get(pk=factories.library().pk)
    costs = {}
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
            costs[f"{name}, {who}"] = spent(act).processor
    page = Article.objects.live().latest("pk")
    costs["publication"] = spent(lambda: page.save_revision().publish()).processor
    return costs


def main() -> None:
    shelf.prepare_site()
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
    main()
