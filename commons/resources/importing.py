"""Import case studies and external resources as drafts, line by line, never twice."""

from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from commons.pages.slugs import free_slug, slugify
from commons.refused import Refused
from commons.resources.addresses import existing_resource
from commons.resources.case_study import CaseStudy
from commons.resources.import_columns import fold
from commons.resources.import_files import Reading, Record
from commons.resources.import_pages import Words, draft_page
from commons.resources.models import ExternalResource, LibraryPage

CREATED, KNOWN, REFUSED = "created", "known", "refused"


class Outcome(NamedTuple):
    """What became of one line; `detail` says why, or what went into the note."""

    line: int
    title: str
    state: str
    detail: str


def import_all(reading: Reading, *, library: LibraryPage, source: str) -> Iterator[Outcome]:
    """Import each record that was read from `source` as a draft under `library`.

    Each has a transaction of its own: what follows a line that is refused is imported, and a
    correction of that line can be imported again.
    """
    words = Words()
    for record in reading.records:
        yield import_record(record, library=library, words=words, source=source)


def import_record(record: Record, *, library: LibraryPage, words: Words, source: str) -> Outcome:
    """Import one record; a record that is already there, draft or published, is left alone."""
    title = record.fields.get("title", "")[:120]
    try:
        with transaction.atomic():
            page = draft_page(record, words=words, source=source)
            page.locale = library.locale
            known = already_there(page)
            if known is not None:
                return Outcome(record.line, title, KNOWN, known.title)
            page.slug = _slug(page.title, library)
            # Read again: each addition changes the parent's count of children.
            LibraryPage.objects.get(pk=library.pk).add_child(instance=page)
            page.save_revision()
    except Refused as refusal:
        return Outcome(record.line, title, REFUSED, str(refusal))
    except ValidationError as error:
        return Outcome(record.line, title, REFUSED, " ; ".join(error.messages))
    return Outcome(record.line, title, CREATED, " ".join(page.editor_note.split("\n")[1:]))


def already_there(page):
    """The page that holds the same thing: the same address, or the same title and place."""
    if isinstance(page, ExternalResource):
        return existing_resource(page.url, locale=page.locale)
    slug = slugify(page.title)[:200]
    for other in CaseStudy.objects.filter(locale=page.locale):
        same_name = _key(other.title) == _key(page.title) or other.slug == slug
        if same_name and _key(other.place) == _key(page.place):
            return other
    return None


def _key(text: str) -> str:
    """What makes two names the same; letters that `fold` does not know count as they are."""
    return fold(text) or " ".join(text.casefold().split())


def _slug(title: str, library: LibraryPage) -> str:
    """A slug made of `title` that no page of the library has."""
    taken = set(Page.objects.child_of(library).values_list("slug", flat=True))
    return free_slug(slugify(title)[:200].strip("-_") or _("fiche"), taken)
