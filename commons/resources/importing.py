"""Import case studies and external resources as drafts, line by line, never twice."""

from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from commons.pages.slugs import free_slug, slugify
from commons.refused import Refused
from commons.resources.case_study import CaseStudy
from commons.resources.external_resource import existing_resource
from commons.resources.import_columns import fold
from commons.resources.import_files import Reading, Record
from commons.resources.import_pages import TermLookup, draft_page
from commons.resources.models import ExternalResource, LibraryPage

CREATED, EXISTING, REFUSED = "created", "known", "refused"


class CaseStudies:
    """The case studies of a language by their title, or slug, and their place; read once."""

    def __init__(self, locale):
        self.by_title_and_place: dict[tuple[str, str], CaseStudy] = {}
        # Without their texts: a library may hold thousands.
        fields = ("title", "slug", "place")
        for page in CaseStudy.objects.filter(locale=locale).order_by("-pk").only(*fields):
            self.add(page)

    def add(self, page: CaseStudy) -> None:
        for name in (_key(page.title), page.slug):
            self.by_title_and_place[name, _key(page.place)] = page

    def find(self, page: CaseStudy) -> CaseStudy | None:
        """The one with the same title, or the slug that this title gives, at the same place."""
        place = _key(page.place)
        slug = slugify(page.title)[:200]
        return self.by_title_and_place.get(
            (_key(page.title), place)
        ) or self.by_title_and_place.get((slug, place))


class Outcome(NamedTuple):
    """The result of importing one line; `detail` is the reason, or what went into the note."""

    line: int
    title: str
    state: str
    detail: str


def import_all(reading: Reading, *, library: LibraryPage, source: str) -> Iterator[Outcome]:
    """Import each record that was read from `source` as a draft under `library`.

    Each has a transaction of its own: what follows a line that is refused is imported, and a
    correction of that line can be imported again.
    """
    words, cases = TermLookup(), CaseStudies(library.locale)
    for record in reading.records:
        yield import_record(record, library=library, words=words, cases=cases, source=source)


def import_record(
    record: Record, *, library: LibraryPage, words: TermLookup, cases: CaseStudies, source: str
) -> Outcome:
    """Import one record; a record that is already there, draft or published, is left alone."""
    title = record.fields.get("title", "")[:120]
    try:
        with transaction.atomic():
            page = draft_page(record, words=words, source=source)
            page.locale = library.locale
            existing = existing_page(page, cases)
            if existing is not None:
                return Outcome(record.line, title, EXISTING, existing.title)
            page.slug = _slug(page.title, library)
            # Read again: each addition changes the parent's count of children.
            LibraryPage.objects.get(pk=library.pk).add_child(instance=page)
            page.save_revision()
        if isinstance(page, CaseStudy):
            cases.add(page)
    except Refused as refusal:
        return Outcome(record.line, title, REFUSED, str(refusal))
    except ValidationError as error:
        return Outcome(record.line, title, REFUSED, " ; ".join(error.messages))
    return Outcome(record.line, title, CREATED, " ".join(page.editor_note.split("\n")[1:]))


def existing_page(page, cases: CaseStudies):
    """The existing page with the same address, or with the same title and place."""
    if isinstance(page, ExternalResource):
        return existing_resource(page.url, locale=page.locale)
    return cases.find(page)


def _key(text: str) -> str:
    """The key by which names are compared; scripts that `fold` drops are only case-folded."""
    return fold(text) or " ".join(text.casefold().split())


def _slug(title: str, library: LibraryPage) -> str:
    """A slug made of `title` that no page of the library has."""
    wanted = slugify(title)[:200].strip("-_") or _("fiche")
    alike = Page.objects.child_of(library).filter(slug__startswith=wanted)
    return free_slug(wanted, set(alike.values_list("slug", flat=True)))
