"""What a list says of a page beside its title and summary, where its type has more to say.

A type of page names how in `telling`: a function of pages and their reader that answers for all of
them at once. A list needs not know which types do.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page


@dataclass(frozen=True)
class CardNote:
    """In the reader's language; each may be empty."""

    title: str  # the page's, with what must be known before anything else
    when: str
    where: str
    standing: str  # what one must know before coming
    changed: datetime.datetime | None = None  # when any of this last changed


def with_card_notes(pages: Iterable[Page], *, user) -> list[Page]:
    """The same pages, each with `told`, a `CardNote` or None.

    What it costs does not grow with the pages, and is nothing when none has more to say.
    """
    pages, ways = list(pages), defaultdict(list)
    for page in pages:
        page.told = None
        way = getattr(page.specific_class, "telling", None)
        if way is not None:
            ways[way].append(page)
    for way, own in ways.items():
        found = way(own, user=user)
        for page in own:
            page.told = found.get(page.pk)
    return pages
