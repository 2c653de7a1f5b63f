"""Delete words that no page holds any more: an erased name must not be offered as a correction."""

from contextlib import suppress

from django.db import DatabaseError, transaction
from wagtail.models import Locale

from search.analyzer import forms, vocabulary_words
from search.embedded.backends import store
from search.embedded.documents import pages_holding
from search.models import Document, Gap, Text, Word


@transaction.atomic
def erase_words(*texts: str) -> None:
    """Delete from the vocabulary and the gaps the words of `texts` that no published page holds.

    The words of all pages that were deleted before leave the disk, without a text too.
    """
    for language in Locale.objects.values_list("language_code", flat=True):
        for text in texts:
            _erase(text, language)
    with suppress(DatabaseError), transaction.atomic():
        store().scrub()


def _erase(text: str, language: str) -> None:
    words = vocabulary_words(forms(text, language), language)
    unused = {word for word, stem in words.items() if not _is_used(word, stem, language)}
    Word.objects.filter(language=language, word__in=unused).delete()
    gaps = Gap.objects.filter(language=language).values_list("pk", "words")
    naming = [pk for pk, query in gaps if unused.intersection(forms(query, language))]
    Gap.objects.filter(pk__in=naming).delete()


def _is_used(word: str, stem: str, language: str) -> bool:
    """Whether a page holds this very word; other forms of it share its stem."""
    try:
        with transaction.atomic():
            pages = pages_holding([(stem,)])
    except DatabaseError:
        return False  # the index is damaged: better to delete too much than too little
    documents = Document.objects.filter(pk__in=pages, language=language).values("pk")
    texts = Text.objects.filter(pk__in=documents)
    return any(_holds(text, word, language) for text in texts.iterator())


def _holds(text: Text, word: str, language: str) -> bool:
    parts = (text.title, text.summary, text.headings, text.keywords, text.body)
    return any(word in forms(part, language) for part in parts)
