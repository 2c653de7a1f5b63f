"""How a type of page says what search may read in it; a system check refuses one that is silent.

A type has an attribute `searched`: a `Searched`, or None when it is never found. It may also have
`search_filing()`, which returns a `Filing`, and `search_dependents()`, which returns the ids of the
pages whose documents say something of it: they are indexed again when it is.
"""

import datetime
from dataclasses import dataclass, field

from django.core.checks import Error, register
from wagtail.coreutils import camelcase_to_underscore
from wagtail.models import Page, get_page_models


@dataclass(frozen=True)
class Filing:
    """How a page is found besides its text.

    `labels` are the values by which it is filtered and counted, such as "theme:logistique";
    `keywords` lead to it without being in its text; `tags` count as much as headings. `rank` puts
    the pages of its section in order, the smallest first. From `expires` on, this may be untrue:
    the page is then indexed again by `run_due`.
    """

    labels: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    rank: int = 0
    expires: datetime.datetime | None = None


@dataclass(frozen=True)
class Searched:
    """Names of fields, or of properties that give lines of text; "organisations.name+commune" reads
    these fields of each child, in one line.

    `summary` counts as much as headings, which are found in `body` by themselves. `reviewed` is the
    field that holds the day of the last review. `prefetch` is what that method reads.
    """

    summary: str = ""
    body: list[str] = field(default_factory=list)
    reviewed: str = ""
    prefetch: list[str] = field(default_factory=list)

    def also(self, *body: str) -> "Searched":
        """The same with more fields to read."""
        return Searched(self.summary, [*self.body, *body], self.reviewed, self.prefetch)


def searchable(model: type[Page]) -> bool:
    return isinstance(getattr(model, "searched", None), Searched)


def type_name(model: type[Page]) -> str:
    """The name of a page type in addresses, and in the facet « type » of the index."""
    return camelcase_to_underscore(model.__name__)


def searchable_types() -> list[type[Page]]:
    """Every type of page that search reads."""
    return [model for model in get_page_models() if searchable(model)]


@register
def check_page_types(app_configs, **kwargs) -> list[Error]:
    """An error for each type of page that does not say what search may read in it."""
    return [
        Error(
            f"{model._meta.label} does not say what search may read in it.",
            hint="Give it `searched = Searched(…)`, or `searched = None` when it is never found.",
            obj=model,
            id="search.E001",
        )
        for model in get_page_models()
        if model is not Page and not hasattr(model, "searched")
    ]
