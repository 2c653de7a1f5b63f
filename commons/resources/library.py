"""The library: the resources that a selection holds, in order, with facets."""

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ResultPage
from wagtail.models import Page

from commons.pages.finding import with_snippets
from commons.pages.listing import in_order, nearest
from commons.pages.visibility import closed_paths, visible_pages
from commons.resources.models import ExternalResource, LibraryPage
from commons.resources.selection import ORIGINS, Selection, kinds
from search import engine
from search.counting import passing, signs
from search.looked import Row


class Shelf:
    """The resources that a person may see in a library, and those among them that a query finds.

    Everything is counted and listed from `found.rows`, so that no two numbers can differ.
    """

    def __init__(self, library: LibraryPage, selection: Selection, *, user):
        self.selection = selection
        self.user = user
        types = ContentType.objects.get_for_models(*kinds().values())
        self.types = {name: types[model].pk for name, model in kinds().items()}
        self.external = types[ExternalResource].pk
        scope = engine.Scope(
            language=library.locale.language_code,
            kinds=tuple(self.types.values()),
            within=library.path,
            closed=closed_paths(user),
        )
        self.found = engine.find(selection.query, scope, order=selection.sort)
        names = {
            name: [f"{name}:{value}" for value in values]
            for name, values in selection.chosen.items()
            if name not in ("kind", "origin")
        }
        known = signs(label for labels in names.values() for label in labels)
        self.wanted = {
            name: frozenset(known[label] for label in labels if label in known)
            for name, labels in names.items()
        }

    def filtered(self, *, ignoring: str = "") -> list[Row]:
        """The rows that pass every facet but the one to ignore: OR inside a facet, AND between."""
        rows, chosen = self.found.rows, self.selection.chosen
        if "kind" in chosen and ignoring != "kind":
            wanted = {self.types[value] for value in chosen["kind"]}
            rows = [row for row in rows if row.kind in wanted]
        # Both origins together are no filter.
        if ignoring != "origin" and 0 < len(chosen.get("origin", [])) < len(ORIGINS):
            external = chosen["origin"] == ["externe"]
            rows = [row for row in rows if (row.kind == self.external) == external]
        return passing(rows, {n: signs for n, signs in self.wanted.items() if n != ignoring})

    def page(self) -> ResultPage:
        """The results asked for, or the nearest page; its `object_list` holds pages for cards."""
        results = nearest([row.page_id for row in self.filtered()], self.selection.number)
        results.object_list = with_snippets(self.cards(results.object_list), self.found)
        return results

    def cards(self, ids) -> list[Page]:
        return in_order(visible_pages(self.user), list(ids))
