"""All that a section's list shows at one address, on the page and in its feed."""

from dataclasses import replace

from django.http import QueryDict
from wagtail.models import Page

from commons.pages.atom import A_FEED
from commons.pages.facets import facets, in_use
from commons.pages.filters import Filters, ListingConfig, known_names, read
from commons.pages.listing import Listing
from search import zero_result_queries


def browse(
    section: Page, shelving: ListingConfig, params: QueryDict, *, user, source: str = ""
) -> dict:
    """What the template of a list needs for this address; `source` is that of who asks for it."""
    names = known_names(shelving, tags=params.getlist("tag"))
    selection = read(params, names, shelving)
    whole = params.get("all", "")
    shelf = Listing(section, selection, user=user)
    results = shelf.page()
    if selection.query and not shelf.found.matching and not shelf.found.degraded:
        zero_result_queries.record(selection.query, section.locale.language_code, source=source)
    return {
        "selection": selection,
        "found": shelf.found,
        "results": results,
        "facets": facets(shelf, names, whole=whole),
        "whole": whole if whole in shelving.facets else "",
        "in_use": in_use(selection, names),
        "sorts": selection.sorts,
        "here": selection.address(),
        # What the links to other pages of results keep.
        "query": selection.address().lstrip("?"),
        "canonical_query": selection.address(number=results.number),
    }


def latest(
    section: Page, shelving: ListingConfig, params: QueryDict, *, user
) -> tuple[Filters, str, list[Page]]:
    """The selection of an address, its filters in words, and the last published pages in it."""
    names = known_names(shelving, tags=params.getlist("tag"))
    selection = read(params, names, shelving)
    shelf = Listing(section, replace(selection, sort="recent"), user=user)
    words = ", ".join(used["name"] for used in in_use(selection, names))
    return selection, words, shelf.cards(shelf.ids[:A_FEED])


def first(section: Page, shelving: ListingConfig, *, user, count: int) -> list[Page]:
    """The first pages of a section's list, as one who asked for nothing sees it."""
    selection = Filters(shelving, sort=shelving.default_sort)
    shelf = Listing(section, selection, user=user)
    return shelf.cards(shelf.ids[:count])
