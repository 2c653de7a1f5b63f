"""What is missing or damaged in the index, in words for `doctor`."""

from django.db.models import Exists, F, OuterRef, Q
from wagtail.models import Page

from search import index
from search.analyzer import stem, title_key
from search.backends import store
from search.config import searchable
from search.extract import entry
from search.models import Document, Label, Text, Word, sign
from search.tables import missing_tables

LOOKED_AT = 50  # pages that are read again, to compare
WORDS = 500


def faults() -> list[str]:
    """One line for each kind of fault; `rebuild_search` mends them all."""
    lost = [f"{model._meta.db_table} is missing" for model in missing_tables()]
    if lost:
        return lost
    counted = {
        "pages to add or remove": index.missing(),
        "pages stand elsewhere, or are of another kind or language": _misplaced(),
        "pages have no text": _without_text(),
        "labels have no name": _nameless(),
        f"of {LOOKED_AT} pages looked at differ": _different(),
        f"of {WORDS} words looked at are cut otherwise": _cut_otherwise(),
        "pages wait to be read again (run_due does it)": Text.objects.filter(stale=True).count(),
    }
    wordless = Document.objects.exists() and not Word.objects.exists()
    return [
        *store().faults(),
        *(f"{count} {what}" for what, count in counted.items() if count),
        *(["no word is known, so no typing error is mended"] if wordless else []),
    ]


def _misplaced() -> int:
    same = Q(
        path=F("page__path"),
        kind=F("page__content_type"),
        language=F("page__locale__language_code"),
    )
    return Document.objects.exclude(same).count()


def _without_text() -> int:
    return Document.objects.exclude(Exists(Text.objects.filter(pk=OuterRef("pk")))).count()


def _nameless() -> int:
    known = {sign(number) for number in Label.objects.values_list("pk", flat=True)}
    used = set().union(*Document.objects.values_list("labels", flat=True).iterator())
    return len(used - known)


def _different() -> int:
    """How many of a few pages are labelled, named or dated otherwise than they should be."""
    found = {row.pk: row for row in Document.objects.order_by("?")[:LOOKED_AT]}
    names = {sign(pk): name for pk, name in Label.objects.values_list("pk", "name")}
    pages = Page.objects.filter(pk__in=found, live=True).specific()
    return sum(not _told(found[page.pk], page, names) for page in pages if searchable(type(page)))


def _told(row: Document, page: Page, names: dict[str, str]) -> bool:
    read = entry(page, row.language)
    return (
        {names.get(label) for label in row.labels} == set(read.labels)
        and (row.published, row.reviewed) == (read.published, read.reviewed)
        and row.title_key == title_key(read.title)
    )


def _cut_otherwise() -> int:
    """How many of a few words have a stem that they would not get today."""
    words = Word.objects.order_by("?").values_list("word", "language", "stem")[:WORDS]
    return sum(stem(word, language) != cut for word, language, cut in words)
