"""The library: the resources that a selection holds, in order, with facets."""

import re
import unicodedata

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from django.db.models import F, Q, QuerySet
from wagtail.models import Page
from wagtail.query import PageQuerySet

from commons.pages.listing import in_order, nearest, with_column
from commons.pages.models import PageTag
from commons.pages.visibility import visible_pages
from commons.resources.models import ExternalResource, LibraryPage
from commons.resources.selection import ORIGINS, Selection, kinds
from commons.taxonomy.models import Classification
from search.engine import matching


class Shelf:
    """The resources that a person may see in a library, and those among them that a query finds."""

    def __init__(self, library: LibraryPage, selection: Selection, *, user):
        self.selection = selection
        types = ContentType.objects.get_for_models(*kinds().values())
        self.types = {name: types[model].pk for name, model in kinds().items()}
        self.external = types[ExternalResource].pk
        self.pages = visible_pages(user).descendant_of(library)
        self.pages = self.pages.filter(
            locale=library.locale_id, content_type__in=self.types.values()
        )
        self.hits: list[int] | None = None
        if selection.query:
            self.hits = matching(selection.query, self.pages)
            self.pages = self.pages.filter(pk__in=self.hits)

    def filtered(self, *, ignoring: str = "") -> PageQuerySet:
        """The pages that pass every facet but the one to ignore: OR inside a facet, AND between."""
        pages = self.pages
        for name, values in self.selection.chosen.items():
            # Both origins together are no filter.
            if name != ignoring and set(values) != set(ORIGINS):
                pages = pages.filter(self._passes(name, values))
        return pages

    def _passes(self, name: str, values: list[str]) -> Q:
        if name == "kind":
            return Q(content_type__in=[self.types[value] for value in values])
        if name == "origin":
            external = Q(content_type=self.external)
            return {"externe": external, "commun": ~external}[values[0]]
        if name == "tag":
            tagged = PageTag.objects.filter(tag__slug__in=values)
            return Q(pk__in=tagged.values("content_object_id"))
        classified = Classification.objects.filter(term__vocabulary=name, term__slug__in=values)
        return Q(pk__in=classified.values("page_id"))

    def ordered(self) -> QuerySet | list[int]:
        """The ids of the pages selected, in the order asked for."""
        pages = self.filtered()
        match self.selection.sort:
            case "relevance":
                kept = set(pages.values_list("pk", flat=True))
                return [pk for pk in self.hits or [] if pk in kept]
            case "title":
                titles = sorted(pages.values_list("title", "pk"), key=lambda row: fold(row[0]))
                return [pk for _title, pk in titles]
            case "reviewed":
                last = F("reviewed").desc(nulls_last=True)
                pages = with_column(pages, "reviewed", "reviewed_on").order_by(last, "-pk")
            case _:
                pages = pages.order_by("-first_published_at", "-pk")
        return pages.values_list("pk", flat=True)

    def page(self) -> ResultPage:
        """The results asked for, or the nearest page; its `object_list` holds pages for cards."""
        results = nearest(self.ordered(), self.selection.number)
        results.object_list = self.cards(results.object_list)
        return results

    def cards(self, ids) -> list[Page]:
        return in_order(self.pages, list(ids))


def fold(title: str) -> str:
    """`title` as a dictionary orders it: no accents, no case, no quotation marks in front."""
    letters = unicodedata.normalize("NFKD", title.replace("œ", "oe").replace("Œ", "oe"))
    return re.sub(
        r"^\W+", "", "".join(s for s in letters if not unicodedata.combining(s))
    ).casefold()
