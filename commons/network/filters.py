"""What a reader asks of the agenda: read from an address, written back as that address."""

import datetime
import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail.models import Page, get_page_models

from commons.agenda.models import Format
from commons.pages.cache_version import cached
from commons.pages.filters import SLUG, TAGS
from commons.pages.page_rows import page_number
from commons.taxonomy.classification import names_by_slug
from commons.taxonomy.models import COMMON, Vocabulary

TERRITORY = Vocabulary.TERRITORY.value
TERMS = tuple(vocabulary.value for vocabulary in COMMON)
FACETS = {
    "kind": _("Genre"),
    "format": _("Forme"),
    **{vocabulary.value: vocabulary.label for vocabulary in COMMON},
    "tag": TAGS.label,
}
# Also among what the answers in memory are kept under.
PARAMETERS = {*FACETS, "around", "month", "from", "past", "page"}
MOST_VALUES = 20
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class AgendaFilters:
    """Which dates, and which kinds of them; a month is shown as a calendar, else as a list."""

    chosen: dict[str, list[str]] = field(default_factory=dict)
    month: datetime.date | None = None
    since: datetime.date | None = None
    past: bool = False
    number: int = 1
    around: bool = False  # also what is near the territories chosen

    def address(self, *, number: int = 1) -> str:
        """The one way to write this after the agenda's address, `?` included."""
        pairs = [(name, value) for name in FACETS for value in sorted(self.chosen.get(name, []))]
        pairs += [("around", "1")] if self.around else []
        pairs += [("month", f"{self.month:%Y-%m}")] if self.month else []
        pairs += [("from", f"{self.since:%Y-%m-%d}")] if self.since else []
        pairs += [("past", "1")] if self.past else []
        pairs += [("page", str(number))] if number > 1 else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def without(self, name: str, value: str) -> "AgendaFilters":
        left = {
            facet: [v for v in values if (facet, v) != (name, value)]
            for facet, values in self.chosen.items()
        }
        left = {facet: values for facet, values in left.items() if values}
        return replace(self, chosen=left, around=self.around and TERRITORY in left)

    def instead(self, name: str, value: str) -> "AgendaFilters":
        """The same with this value alone in that facet."""
        return replace(self, chosen={**self.chosen, name: [value]}, number=1)

    def in_month(self, month: datetime.date | None) -> "AgendaFilters":
        """The same filters over one month, or over what is to come."""
        return replace(self.only_filters(), month=month)

    def from_day(self, day: datetime.date) -> "AgendaFilters":
        """The same filters over what is to come from that day on."""
        return replace(self.only_filters(), since=day)

    def only_filters(self) -> "AgendaFilters":
        return AgendaFilters(self.chosen, around=self.around)


def kind_names() -> dict[str, str]:
    """Every kind of dated page, by its value: webinar, market… No section is named here."""
    return {
        value: str(label)
        for model in dated_types()
        for value, label in model._meta.get_field("kind").flatchoices
    }


def dated_types() -> list[type[Page]]:
    """The types of page that have sessions."""
    return [model for model in get_page_models() if getattr(model, "dated", False)]


def known_names(*, tags: list[str]) -> dict[str, dict[str, str]]:
    """Facet -> value -> name in the reader's language; of tags, only those asked for."""
    names: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    for (vocabulary, slug), name in cached(("terms", get_language()), names_by_slug).items():
        if vocabulary in TERMS:
            names[vocabulary][slug] = name
    if tags:
        tags_found = Tag.objects.filter(slug__in=[tag for tag in tags if SLUG.fullmatch(tag)])
        names["tag"] = dict(tags_found.values_list("slug", "name")[:MOST_VALUES])
    names["kind"] = kind_names()
    names["format"] = {value: str(label) for value, label in Format.choices}
    return names


def read(params: QueryDict, names: dict[str, dict[str, str]]) -> AgendaFilters:
    """What an address asks for; what is not known is left out."""
    chosen = {}
    for name in FACETS:
        requested = dict.fromkeys(params.getlist(name))
        values = [value for value in requested if value in names[name]][:MOST_VALUES]
        if values:
            chosen[name] = values
    return AgendaFilters(
        chosen,
        month=_month(params.get("month", "")),
        since=_day(params.get("from", "")),
        past=params.get("past") == "1",
        number=page_number(params.get("page", "")),
        around=params.get("around") == "1" and TERRITORY in chosen,
    )


def _month(text: str) -> datetime.date | None:
    """The first day of the month « 2026-05 »; this month when it is no month of our time."""
    if not text:
        return None
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
    year, month = (int(part) for part in match.groups()) if match else (0, 0)
    if year in YEARS and 1 <= month <= 12:
        return datetime.date(year, month, 1)
    return timezone.localdate().replace(day=1)


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None
