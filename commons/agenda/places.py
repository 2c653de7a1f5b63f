"""Where the sessions of a page take place: search finds it by that, in each of its languages."""

from django.db.models import QuerySet
from wagtail.models import Page

from commons.agenda.models import Session
from search.index import refresh

# What search reads in a session.
INDEXED_FIELDS = ("label", "place", "address", "commune")


def places_of(page: Page) -> list[str]:
    """A line for each place of the sessions of `page`: « Halle couverte, Crest »."""
    rows = Session.objects.of(page).values_list(*INDEXED_FIELDS)
    return list(dict.fromkeys(filter(None, (", ".join(filter(None, row)) for row in rows))))


def lock_translations(page: Page) -> None:
    """Before the lock on a session whose places may change: a publication locks in that order."""
    list(_translations(page).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def reindex(page: Page) -> None:
    """A session of `page` was written or taken away: search reads the page in each language."""
    refresh(_translations(page).values_list("pk", flat=True))


def _translations(page: Page) -> QuerySet[Page]:
    return Page.objects.filter(translation_key=page.translation_key)
