"""Compare the index with the pages: what is missing or damaged, in words for `doctor`."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from wagtail.models import Page

from search.analyzer import stem, title_key
from search.config import searchable
from search.embedded.backends import store
from search.embedded.tables import missing_tables
from search.extract import entry
from search.index import published_ids
from search.models import Document, Label, Text, Word, sign

SAMPLED_PAGES = 50
SAMPLED_WORDS = 500


def faults() -> list[str]:
    """One line for each kind of fault; `rebuild_search` repairs them all."""
    missing = [f"{model._meta.db_table} is missing" for model in missing_tables()]
    if missing:
        return missing
    counts = {
        "pages to add or remove": _differences(),
        "pages stand elsewhere, or are of another kind or language": _misplaced(),
        "pages have no text": _without_text(),
        "labels have no name": _nameless(),
        f"of {SAMPLED_PAGES} pages compared differ": _different(),
        f"of {SAMPLED_WORDS} words compared have another stem": _wrong_stems(),
        "pages wait to be read again (run_due does it)": Text.objects.filter(stale=True).count(),
    }
    no_words = Document.objects.exists() and not Word.objects.exists()
    return [
        *store().faults(),
        *(f"{count} {problem}" for problem, count in counts.items() if count),
        *(["the vocabulary is empty, so no spelling is corrected"] if no_words else []),
    ]


def _differences() -> int:
    """How many published pages the index lacks, or holds and should not."""
    return len(set(published_ids()) ^ set(Document.objects.values_list("pk", flat=True)))


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
    named = {sign(number) for number in Label.objects.values_list("pk", flat=True)}
    used = set().union(*Document.objects.values_list("labels", flat=True).iterator())
    return len(used - named)


def _different() -> int:
    """How many of a sample of pages have other labels, another title or other dates."""
    expired = Text.objects.filter(expires__lte=timezone.now()).values("pk")
    sample = Document.objects.exclude(pk__in=expired).order_by("?")[:SAMPLED_PAGES]
    documents = {row.pk: row for row in sample}
    names = {sign(pk): name for pk, name in Label.objects.values_list("pk", "name")}
    pages = Page.objects.filter(pk__in=documents, live=True).specific()
    return sum(
        not _agrees(documents[page.pk], page, names) for page in pages if searchable(type(page))
    )


def _agrees(document: Document, page: Page, names: dict[str, str]) -> bool:
    expected = entry(page, document.language)
    return (
        {names.get(label) for label in document.labels} == set(expected.labels)
        and (document.published, document.reviewed) == (expected.published, expected.reviewed)
        and (document.title_key, document.rank) == (title_key(expected.title), expected.rank)
    )


def _wrong_stems() -> int:
    """How many of a sample of words have a stem that they would not get today."""
    words = Word.objects.order_by("?").values_list("word", "language", "stem")[:SAMPLED_WORDS]
    return sum(stem(word, language) != stored for word, language, stored in words)
