"""All that the library shows at one address, on the page and in its feed."""

from dataclasses import replace

from django.http import QueryDict
from wagtail.models import Page

from commons.pages.atom import A_FEED
from commons.resources.facets import facets, in_use
from commons.resources.library import Shelf
from commons.resources.models import LibraryPage
from commons.resources.selection import SORTS, Selection, known_names, read
from search import gaps


def browse(library: LibraryPage, params: QueryDict, *, user) -> dict:
    """What the template of the library needs for this address."""
    names = known_names(tags=params.getlist("tag"))
    selection = read(params, names)
    shelf = Shelf(library, selection, user=user)
    results = shelf.page()
    if selection.query and not shelf.found.rows and not shelf.found.degraded:
        gaps.record(selection.query, library.locale.language_code)
    return {
        "selection": selection,
        "found": shelf.found,
        "results": results,
        "facets": facets(shelf, names, whole=params.get("all", "")),
        "in_use": in_use(selection, names),
        "sorts": [(s, name) for s, name in SORTS.items() if selection.query or s != "relevance"],
        "here": selection.address(),
        # What the links to other pages of results keep.
        "query": selection.address().lstrip("?"),
        "canonical_query": selection.address(number=results.number),
    }


def latest(library: LibraryPage, params: QueryDict, *, user) -> tuple[Selection, str, list[Page]]:
    """The selection of an address, its filters in words, and the last published resources in it."""
    names = known_names(tags=params.getlist("tag"))
    selection = read(params, names)
    shelf = Shelf(library, replace(selection, sort="recent"), user=user)
    last = [row.page_id for row in shelf.filtered()[:A_FEED]]
    words = ", ".join(used["name"] for used in in_use(selection, names))
    return selection, words, shelf.cards(last)
