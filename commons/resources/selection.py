"""What a reader asks of the library: read from an address, written back as the same address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.coreutils import camelcase_to_underscore
from wagtail.models import get_page_models

from commons.pages.generation import remembered
from commons.pages.listing import page_number
from commons.pages.models import ContributedPage
from commons.resources.models import LibraryPage
from commons.taxonomy.classification import names_by_slug
from commons.taxonomy.models import COMMON
from search.engine import clean

MOST_VALUES = 20  # chosen in one facet
SLUG = re.compile(r"[a-z0-9_-]{1,160}")
ORIGINS = {"commun": _("Du commun"), "externe": _("Externe")}
SORTS = {
    "relevance": _("Pertinence"),
    "recent": _("Plus récentes"),
    "reviewed": _("Relues récemment"),
    "title": _("Titre"),
}
FACETS = ["kind", *(vocabulary.value for vocabulary in COMMON), "origin", "tag"]

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Selection:
    """What a reader asked for; every value is known to exist."""

    query: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    sort: str = "recent"
    number: int = 1

    @property
    def default_sort(self) -> str:
        return "relevance" if self.query else "recent"

    def address(self, *, number: int = 1) -> str:
        """The one way to write this selection after the library's address, `?` included."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(name, value) for name in FACETS for value in sorted(self.chosen.get(name, []))]
        pairs += [("sort", self.sort)] if self.sort != self.default_sort else []
        pairs += [("page", str(number))] if number > 1 else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def without(self, name: str, value: str) -> "Selection":
        """The same selection with one value of one facet removed."""
        left = {facet: list(values) for facet, values in self.chosen.items()}
        left[name] = [other for other in left.get(name, []) if other != value]
        return replace(self, chosen={facet: values for facet, values in left.items() if values})

    def without_query(self) -> "Selection":
        sort = "recent" if self.sort == "relevance" else self.sort
        return replace(self, query="", sort=sort)


def kinds() -> dict[str, type[ContributedPage]]:
    """The types of page that may stand in the library, by the name that addresses give them."""
    return {
        camelcase_to_underscore(model.__name__): model
        for model in get_page_models()
        if issubclass(model, ContributedPage) and LibraryPage in model.allowed_parent_page_models()
    }


def known_names(*, tags: list[str]) -> Names:
    """Facet -> value -> name in the reader's language; of tags, only those asked for."""
    names: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    terms = remembered(("terms", get_language()), names_by_slug)
    for (vocabulary, slug), name in terms.items():
        if vocabulary in names:
            names[vocabulary][slug] = name
    names["kind"] = {
        name: str(capfirst(model.get_verbose_name())) for name, model in kinds().items()
    }
    names["origin"] = {value: str(name) for value, name in ORIGINS.items()}
    asked = [tag for tag in tags if SLUG.fullmatch(tag)][:MOST_VALUES]
    if asked:
        names["tag"] = dict(Tag.objects.filter(slug__in=asked).values_list("slug", "name"))
    return names


def read(params: QueryDict, names: Names) -> Selection:
    """The selection that an address asks for; what is not known is left out."""
    query = clean(params.get("q", ""))
    chosen = {}
    for name in FACETS:
        asked = dict.fromkeys(params.getlist(name))
        values = [value for value in asked if value in names[name]][:MOST_VALUES]
        if values:
            chosen[name] = values
    sort = params.get("sort", "")
    if sort not in SORTS or (sort == "relevance" and not query):
        sort = "relevance" if query else "recent"
    return Selection(query, chosen, sort, page_number(params.get("page", "")))
