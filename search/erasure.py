"""Forget words that no page holds any more: an erased name must not be offered as a correction."""

from contextlib import suppress

from django.db import DatabaseError, transaction
from wagtail.models import Locale

from search.analyzer import forms, known_words
from search.backends import store
from search.models import Document, Gap, Text, Word


@transaction.atomic
def forget_words(*texts: str) -> None:
    """Those words of `texts` that no published page holds leave the vocabulary and the gaps.

    The words of all pages that were deleted before leave the disk, without a text too.
    """
    for language in Locale.objects.values_list("language_code", flat=True):
        for text in texts:
            _forget(text, language)
    with suppress(DatabaseError), transaction.atomic():
        store().scrub()


def _forget(text: str, language: str) -> None:
    words = known_words(forms(text, language), language)
    gone = {word for word, stem in words.items() if not _held(word, stem, language)}
    Word.objects.filter(language=language, word__in=gone).delete()
    looked_for = Gap.objects.filter(language=language).values_list("pk", "words")
    told = [pk for pk, said in looked_for if gone.intersection(forms(said, language))]
    Gap.objects.filter(pk__in=told).delete()


def _held(word: str, stem: str, language: str) -> bool:
    """Whether a page holds this very word; other forms of it share its stem."""
    try:
        with transaction.atomic():
            found = {pk for level in store().pages_with(stem) for pk in level}
    except DatabaseError:
        return False  # the index is ill: forget too much rather than too little
    pages = Document.objects.filter(pk__in=found, language=language).values("pk")
    return any(_says(text, word, language) for text in Text.objects.filter(pk__in=pages).iterator())


def _says(text: Text, word: str, language: str) -> bool:
    parts = (text.title, text.summary, text.headings, text.keywords, text.body)
    return any(word in forms(part, language) for part in parts)
