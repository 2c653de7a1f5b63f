"""A section's list: the pages that a selection holds, in order."""

from collections.abc import Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from wagtail.models import Page

from commons.pages.filters import SORTS, Filters
from commons.pages.page_rows import everything, in_order, nearest
from commons.pages.site_search import with_snippets
from commons.pages.visibility import closed_paths, visible
from search.contract import Facet, Query, Scope, search


class Listing:
    """The pages that a person may see in a section, and those among them that a query finds.

    Everything is counted and listed by one search, so that no two numbers can differ.
    """

    def __init__(self, section: Page, selection: Filters, *, user):
        self.selection = selection
        self.user = user
        shelving = selection.shelving
        types = ContentType.objects.get_for_models(*shelving.kinds().values())
        self._facets = {axis.name: axis.indexed_as for axis in shelving.axes}
        query = Query(
            selection.query,
            Scope(
                language=section.locale.language_code,
                kinds=tuple(content_type.pk for content_type in types.values()),
                within=section.path,
                closed=closed_paths(user),
            ),
            filters={self._facets[name]: values for name, values in selection.chosen.items()},
            order=selection.sort if selection.sort in SORTS else "rank",
            facets=tuple(self._facets.values()),
        )
        self.found = search(query)

    def facet(self, axis: str) -> Facet:
        """The counts of an axis, under the filters of all the others."""
        return self.found.facets[self._facets[axis]]

    @property
    def ids(self) -> Sequence[int]:
        """The pages of the selection, in the order asked for."""
        return self.found.ids

    def page(self) -> ResultPage:
        """The results asked for, or the nearest page; its `object_list` holds pages for cards."""
        results = nearest(self.ids, self.selection.number)
        results.object_list = with_snippets(self.cards(results.object_list), self.found)
        return results

    def cards(self, ids: Iterable[int]) -> list[Page]:
        return in_order(visible(everything(), user=self.user), list(ids))
