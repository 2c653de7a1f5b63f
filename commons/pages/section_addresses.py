"""Addresses that stand under the page of a section, wherever this page is.

The address by default is written in `urls.py`; a section that is renamed takes it along.
"""

from django.urls import URLResolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils.translation import get_language
from wagtail.models import Page

from commons.pages.addresses import path_of
from commons.pages.cache_version import cached

_declared: list["SectionPattern"] = []


class SectionPattern(RoutePattern):
    """`route` is « section/word/ » by default: the page of this type gives the real section."""

    def __init__(self, route, section: type[Page]):
        super().__init__(route, is_endpoint=False)
        self.section = section
        _declared.append(self)

    def match(self, path):
        # Nothing is asked of the database for other addresses.
        before, found, rest = path.partition(f"/{self.parts()[1]}/")
        return (rest, (), {}) if found and before == self.real_section() else None

    def parts(self) -> tuple[str, str]:
        before, _, word = str(self).strip("/").rpartition("/")
        return before, word

    def real_section(self) -> str:
        """Where the section stands in the active language; by default, where it has no page."""
        language = get_language()
        pages = self.section.objects.filter(locale__language_code=language).order_by("path")
        page = cached(("section", self.section, language), pages.first)
        return path_of(page) if page else self.parts()[0]


def under_section(section: type[Page], route, included: tuple) -> URLResolver:
    """What Django's `path(route, included)` gives, but under the page of this type."""
    module, app_name, namespace = included
    pattern = SectionPattern(route, section)
    return URLResolver(pattern, module, app_name=app_name, namespace=namespace)


def real_address(address: str) -> str:
    """`address` where its section really is, when it is one by default."""
    language = f"/{get_language()}/"
    for pattern in _declared:
        by_default = f"{language}{str(pattern).strip('/')}/"
        if address.startswith(by_default):
            rest = address.removeprefix(by_default)
            return f"{language}{pattern.real_section()}/{pattern.parts()[1]}/{rest}"
    return address


def reverse_real(name: str, *args) -> str:
    """Django's `reverse`, for an address under a section."""
    return real_address(reverse(name, args=args))
