"""Where the sessions of a page take place: search finds it by that, in each of its languages."""

from django.db.models import QuerySet
from wagtail.models import Page

from commons.agenda.models import Session
from search.index import refresh

# What search reads in a session.
READ = ("label", "place", "address", "commune")


def places_of(page: Page) -> list[str]:
    """A line for each place of the sessions of `page`: « Halle couverte, Crest »."""
    rows = Session.objects.of(page).values_list(*READ)
    return list(dict.fromkeys(filter(None, (", ".join(filter(None, row)) for row in rows))))


def hold(page: Page) -> None:
    """Before the lock on a session whose places may change: a publication locks in that order."""
    list(_texts(page).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def read_again(page: Page) -> None:
    """A session of `page` was written or taken away: search reads the page in each language."""
    refresh(_texts(page).values_list("pk", flat=True))


def _texts(page: Page) -> QuerySet[Page]:
    return Page.objects.filter(translation_key=page.translation_key)
