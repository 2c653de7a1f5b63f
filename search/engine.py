"""What a person typed, in; the numbers of the pages that hold it, the most relevant first, out."""

import re

from django.db import DatabaseError
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Or, PlainText, SearchQuery

LONGEST = 200  # characters
MOST_WORDS = 12
MOST_PAGES = 2_000
# The database computes relevance once a page found, each time over all of them: dear beyond this.
FEW = 200
WORD = re.compile(r"\w+")


def clean(query: str) -> str:
    """`query` on one line, without what no keyboard types, at most `LONGEST` characters."""
    visible = "".join(sign if sign.isprintable() else " " for sign in query[: LONGEST * 10])
    return " ".join(visible.split())[:LONGEST].strip()


def words(query: str) -> list[str]:
    """The words to look for, at most `MOST_WORDS`; single letters (l’, d’) only when alone."""
    found = WORD.findall(clean(query).replace("_", " "))
    long_enough = [word for word in found if len(word) > 1 or word.isdigit()]
    return (long_enough or found)[:MOST_WORDS]


def matching(query: str, pages: PageQuerySet) -> list[int]:
    """The ids of `pages` that hold every word of `query`, or else any; titles first, then the rest.

    At most `MOST_PAGES`. A query without a word, or one that the database refuses, finds nothing.
    """
    terms = words(query)
    for operator in ("and", "or") if len(terms) > 1 else ("and",):
        found = _ids(terms, pages, operator=operator) if terms else []
        if found:
            if len(found) <= FEW:
                found = _ids(terms, pages, operator=operator, order_by_relevance=True)
            titles = set(_ids(terms, pages, operator=operator, fields=["title"]))
            return sorted(found, key=lambda pk: pk not in titles)
    return []


def suggestions(query: str, pages: PageQuerySet, *, count: int = 8) -> list[int]:
    """The ids of up to `count` of `pages` whose titles have words starting like `query`."""
    terms = words(query)
    if not terms:
        return []
    try:
        found = get_search_backend().autocomplete(" ".join(terms), _plain(pages), operator="and")
        return list(found[:count].get_queryset().values_list("pk", flat=True))
    except DatabaseError:
        return []


def _ids(
    terms: list[str], pages: PageQuerySet, *, operator: str, order_by_relevance=False, **options
) -> list[int]:
    try:
        found = get_search_backend().search(
            _query(terms, operator), _plain(pages), order_by_relevance=order_by_relevance, **options
        )
        return list(found[:MOST_PAGES].get_queryset().values_list("pk", flat=True))
    except DatabaseError:
        return []


def _query(terms: list[str], operator: str) -> SearchQuery:
    """Each term in the singular or the plural; the database knows no French grammar."""
    either = [Or([PlainText(form) for form in _forms(term)]) for term in terms]
    return either[0] if len(either) == 1 else And(either) if operator == "and" else Or(either)


def _forms(term: str) -> list[str]:
    """« panier » and « paniers »; short words and numbers as they are."""
    if len(term) < 4 or not term.isalpha():
        return [term]
    if term[-1] in "sxSX":
        return [term, term[:-1]]
    return [term, f"{term}s", f"{term}x"] if term[-1] in "uU" else [term, f"{term}s"]


def _plain(pages: PageQuerySet) -> PageQuerySet:
    """`pages` behind a sub-query: Wagtail's search refuses filters that join another table."""
    return Page.objects.filter(pk__in=pages.order_by().values("pk"))
