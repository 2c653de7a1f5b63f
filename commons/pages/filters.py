"""What a reader asks of a section's list: read from an address, written back as that address.

A section says once, in a `ListingConfig`, which types of page it lists, by what they are filtered
and how they are ordered; the library and the trainings are two of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.models import Page, get_page_models

from commons.pages.cache_version import cached
from commons.pages.models import ContributedPage
from commons.pages.page_rows import page_number
from commons.taxonomy.classification import names_by_slug
from commons.taxonomy.models import COMMON
from search.analyzer import clean
from search.config import type_name

MOST_VALUES = 20  # chosen in one facet
SLUG = re.compile(r"[a-z0-9_-]{1,160}")
TAG = "tag"
SORTS = {
    "relevance": _("Pertinence"),
    "recent": _("Plus récentes"),
    "reviewed": _("Relues récemment"),
    "title": _("Titre"),
}

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Axis:
    """One way to filter a list.

    Its values are those of a facet of the search index, which has its name unless `facet` says
    otherwise.
    """

    name: str
    label: str
    # Value -> name in the reader's language; None for terms and tags, which the database names.
    values: Callable[[], Mapping[str, str]] | None = None
    facet: str = ""

    @property
    def indexed_as(self) -> str:
        return self.facet or self.name


TERMS = tuple(Axis(vocabulary.value, vocabulary.label) for vocabulary in COMMON)
TAGS = Axis(TAG, _("Étiquette"))


@dataclass(frozen=True)
class ListingConfig:
    """What a section lists: types of page under `parent`, axes in order, orders of the list.

    `orders` names the orders of this section alone, by the rank that it gives its documents:
    name -> label.
    """

    parent: str
    axes: tuple[Axis, ...]
    orders: Mapping[str, str] = field(default_factory=dict)

    @property
    def facets(self) -> list[str]:
        return [axis.name for axis in self.axes]

    @property
    def default_sort(self) -> str:
        return next(iter(self.orders), "recent")

    @property
    def sorts(self) -> dict[str, str]:
        """Every order and its name, the section's own first."""
        return {**self.orders, **SORTS}

    def kinds(self) -> dict[str, type[Page]]:
        """The types of page that may be listed, by the name that addresses give them."""
        return {
            type_name(model): model
            for model in get_page_models()
            if issubclass(model, ContributedPage)
            and self.parent in [m._meta.label for m in model.allowed_parent_page_models()]
        }


@dataclass(frozen=True)
class Filters:
    """What a reader asked for; every value is known to exist."""

    shelving: ListingConfig
    query: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    sort: str = ""
    number: int = 1

    @property
    def default_sort(self) -> str:
        return "relevance" if self.query else self.shelving.default_sort

    @property
    def asked_sort(self) -> str:
        """The order that one chose; "" for the one that nobody need ask for."""
        return "" if self.sort == self.default_sort else self.sort

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """What one may choose and its name, first the order that nobody need ask for.

        It stands there without a name: who types words next gets the nearest first, unless another
        order was chosen.
        """
        orders = self.shelving.sorts
        others = [name for name in orders if name not in {"relevance", self.default_sort}]
        return [("", orders[self.default_sort]), *((name, orders[name]) for name in others)]

    def address(self, *, number: int = 1) -> str:
        """The one way to write this selection after the list's address, `?` included."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [
            (name, value)
            for name in self.shelving.facets
            for value in sorted(self.chosen.get(name, []))
        ]
        pairs += [("sort", self.asked_sort)] if self.asked_sort else []
        pairs += [("page", str(number))] if number > 1 else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def without(self, name: str, value: str) -> "Filters":
        """The same selection with one value of one facet removed."""
        left = {facet: list(values) for facet, values in self.chosen.items()}
        left[name] = [other for other in left.get(name, []) if other != value]
        return replace(self, chosen={facet: values for facet, values in left.items() if values})

    def without_query(self) -> "Filters":
        sort = self.shelving.default_sort if self.sort == "relevance" else self.sort
        return replace(self, query="", sort=sort)


def known_names(shelving: ListingConfig, *, tags: list[str]) -> Names:
    """Facet -> value -> name in the reader's language; of tags, only those asked for."""
    names: dict[str, dict[str, str]] = {
        axis.name: dict(axis.values()) if axis.values else {} for axis in shelving.axes
    }
    terms = cached(("terms", get_language()), names_by_slug)
    described = {axis.name for axis in shelving.axes if axis.values}
    for (vocabulary, slug), name in terms.items():
        if vocabulary in names and vocabulary not in described:
            names[vocabulary][slug] = name
    asked = [tag for tag in tags if SLUG.fullmatch(tag)][:MOST_VALUES]
    if asked and TAG in names:
        names[TAG] = dict(Tag.objects.filter(slug__in=asked).values_list("slug", "name"))
    return names


def read(params: QueryDict, names: Names, shelving: ListingConfig) -> Filters:
    """The selection that an address asks for; what is not known is left out."""
    query = clean(params.get("q", ""))
    chosen = {}
    for name in shelving.facets:
        asked = dict.fromkeys(params.getlist(name))
        values = [value for value in asked if value in names[name]][:MOST_VALUES]
        if values:
            chosen[name] = values
    sort = params.get("sort", "")
    if sort not in shelving.sorts or (sort == "relevance" and not query):
        sort = "relevance" if query else shelving.default_sort
    return Filters(shelving, query, chosen, sort, page_number(params.get("page", "")))
