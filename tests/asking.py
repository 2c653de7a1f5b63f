"""Requests to the page cache of a process, as its web server would make them."""

from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from wagtail.models import Site

from commons.page_cache import PageCache
from commons.pages.cache_version import SharedVersion, shared_version
from commons.pages.site_settings import SiteDetails
from commons.resources.models import Article
from tests import factories


def settle() -> None:
    """Make every process drop what it keeps, as the commit of what the test wrote would."""
    shared_version().renew()


def read_before() -> Article:
    """An article among others, on a site that was read before."""
    factories.article()
    page = factories.article(tags=["ancienne"])
    SiteDetails.for_site(Site.objects.get())
    settle()
    return page


def process(django=None) -> PageCache:
    """The page cache of one more process."""
    shared = SharedVersion(settings.VAR / "cache_version")
    return PageCache(django or WSGIHandler(), most=1_000_000, shared=shared)


class Given:
    def __init__(self, app, address: str, **environ):
        path, _, query = address.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost", **environ}
        setup_testing_defaults(environ)
        result = app(environ, self.start)
        self.body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        self.text = self.body.decode("utf-8", "replace")

    def start(self, status, headers, exc_info=None):
        self.status, self.headers = int(status[:3]), dict(headers)


def hits(app, *addresses, **environ) -> int:
    before = app.hits
    for address in addresses:
        Given(app, address, **environ)
    return app.hits - before
