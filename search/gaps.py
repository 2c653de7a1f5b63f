"""Searches without result: the words, how often, and nothing of who looked for them."""

import contextlib
import datetime
import re

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from search.models import Gap
from search.query import terms
from search.words import clean, fold

MOST = 5_000
KEPT = datetime.timedelta(days=400)
# An address or a telephone number may be somebody's.
PERSONAL = re.compile(r"@|\d[\d .-]{5,}\d|://|www\.")


def record(query: str, language: str) -> None:
    """Count a search that found nothing; never gets in the way of the answer."""
    words = gap_words(query, language)
    if not words:
        return
    with contextlib.suppress(DatabaseError):
        if connection.in_atomic_block:
            with transaction.atomic():
                _count(words, language)
        else:
            _count(words, language)


def gap_words(query: str, language: str) -> str:
    """The words of `query` that say something, folded, so that two ways to type them are one."""
    query = clean(query)
    if PERSONAL.search(query) or not terms(query, language):
        return ""
    return " ".join(re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", fold(query)))[:200]


def _count(words: str, language: str) -> None:
    known = Gap.objects.filter(language=language, words=words)
    if known.update(times=F("times") + 1, last_on=timezone.localdate()):
        return
    if Gap.objects.count() < MOST:
        Gap.objects.get_or_create(language=language, words=words)


def forget_old() -> int:
    """Forget what nobody looked for since `KEPT`; returns how many."""
    old = Gap.objects.filter(last_on__lt=timezone.localdate() - KEPT)
    return old.delete()[0]
