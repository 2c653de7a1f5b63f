"""A section's list: the pages that a selection holds, in order."""

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from wagtail.models import Page

from commons.pages.finding import with_snippets
from commons.pages.listing import everything, in_order, nearest
from commons.pages.selection import SORTS, Selection
from commons.pages.visibility import closed_paths, visible
from search import engine
from search.counting import passing, signs
from search.looked import Row


class Shelf:
    """The pages that a person may see in a section, and those among them that a query finds.

    Everything is counted and listed from `found.rows`, so that no two numbers can differ.
    """

    def __init__(self, section: Page, selection: Selection, *, user):
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
        self.found = engine.find(
            selection.query, scope, order=order if order in SORTS else "recent"
        )
        self._in_order = shelving.orders[selection.sort][1] if own else None
        self.sorters = {axis.name: axis.sorter() for axis in shelving.axes if axis.sorter}
        names = {
            name: [f"{name}:{value}" for value in values]
            for name, values in selection.chosen.items()
            if name not in self.sorters
        }
        known = signs(label for labels in names.values() for label in labels)
        self.wanted = {
            name: frozenset(known[label] for label in labels if label in known)
            for name, labels in names.items()
        }

    def filtered(self, *, ignoring: str = "") -> list[Row]:
        """The rows that pass every facet but the one to ignore: OR inside a facet, AND between."""
        rows = self.found.rows
        for name, values_of in self.sorters.items():
            asked = set(self.selection.chosen.get(name, ()))
            if asked and name != ignoring:
                rows = [row for row in rows if not asked.isdisjoint(values_of(row))]
        return passing(rows, {n: signs for n, signs in self.wanted.items() if n != ignoring})

    def ids(self) -> list[int]:
        """The pages of the selection, in the order asked for."""
        rows = self.filtered()
        return [row.page_id for row in (self._in_order(rows) if self._in_order else rows)]

    def page(self) -> ResultPage:
        """The results asked for, or the nearest page; its `object_list` holds pages for cards."""
        results = nearest(self.ids(), self.selection.number)
        results.object_list = with_snippets(self.cards(results.object_list), self.found)
        return results

    def cards(self, ids) -> list[Page]:
        return in_order(visible(everything(), user=self.user), list(ids))
