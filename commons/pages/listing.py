"""A section's list: the pages that a selection holds, in order."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from wagtail.models import Page

from commons.pages.filters import SORTS, Filters
from commons.pages.page_rows import everything, in_order, nearest
from commons.pages.site_search import with_snippets
from commons.pages.visibility import closed_paths, visible
from search import engine
from search.results import RankedIds
from search.set_operations import intersection
from search.snapshot import union


class Listing:
    """The pages that a person may see in a section, and those among them that a query finds.

    Everything is counted and listed from one set of documents, `found.bits`, so that no two
    numbers can differ.
    """

    def __init__(self, section: Page, selection: Filters, *, user):
        self.selection = selection
        self.user = user
        shelving = selection.shelving
        types = ContentType.objects.get_for_models(*shelving.kinds().values())
        scope = engine.Scope(
            language=section.locale.language_code,
            kinds=tuple(content_type.pk for content_type in types.values()),
            within=section.path,
            closed=closed_paths(user),
        )
        own = selection.sort not in SORTS
        order = shelving.default_sort if own else selection.sort
        self.found = engine.search(
            selection.query, scope, order=order if order in SORTS else "recent"
        )
        self._in_order = shelving.orders[selection.sort][1] if own else None
        # Of the axes that are no labels, the documents that have each value.
        self.sorted = {
            axis.name: axis.sorter(self.found.snapshot) for axis in shelving.axes if axis.sorter
        }
        self._passing = {
            name: self._having(name, values) for name, values in selection.chosen.items()
        }

    def _having(self, axis: str, values: Iterable[str]) -> int:
        if axis in self.sorted:
            return union(self.sorted[axis].get(value, 0) for value in values)
        return self.found.snapshot.labelled(f"{axis}:{value}" for value in values)

    def filtered(self, *, ignoring: str = "") -> int:
        """The documents that pass every facet but the one to ignore: OR inside one, AND between."""
        passing = (bits for name, bits in self._passing.items() if name != ignoring)
        return intersection([self.found.bits, *passing])

    def ids(self) -> RankedIds | list[int]:
        """The pages of the selection, in the order asked for."""
        found = self.found.ids(self.filtered())
        if self._in_order is None:
            return found
        snapshot = self.found.snapshot
        rows = [snapshot.rows[snapshot.position_of[pk]] for pk in found[:]]
        return [row.page_id for row in self._in_order(rows)]

    def page(self) -> ResultPage:
        """The results asked for, or the nearest page; its `object_list` holds pages for cards."""
        results = nearest(self.ids(), self.selection.number)
        results.object_list = with_snippets(self.cards(results.object_list), self.found)
        return results

    def cards(self, ids: Iterable[int]) -> list[Page]:
        return in_order(visible(everything(), user=self.user), list(ids))
