"""Build the whole index again, aside, while the site goes on answering from the old one."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page

from search import index
from search.analyzer import stem
from search.backends import store
from search.config import searchable_types
from search.models import Change, Document, Word
from search.tables import create_missing_tables

A_BATCH = 100


def to_index() -> list[int]:
    """Every published page of a type that search reads."""
    ours = Q()
    for model in searchable_types():
        ours |= Q(content_type__app_label=model._meta.app_label) & Q(
            content_type__model=model._meta.model_name
        )
    pages = Page.objects.filter(ours, live=True) if ours else Page.objects.none()
    return list(pages.order_by("pk").values_list("pk", flat=True))


def rebuild() -> Iterator[int]:
    """Yield how many pages were read, batch by batch; the new index serves once the iterator ends.

    What is published meanwhile is written in both. A batch holds the write lock for a part of a
    second only; a run that was killed leaves the old index in place.
    """
    create_missing_tables()
    store().begin()
    last_word = Word.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    pages, used = to_index(), set()
    for start in range(0, len(pages), A_BATCH):
        batch = pages[start : start + A_BATCH]
        for language, words in index.reindex(batch, aside=True).items():
            used |= {(language, word) for word in words}
        yield len(batch)
    with transaction.atomic():
        index.remove(set(Document.objects.values_list("pk", flat=True)) - set(to_index()))
        store().swap()
        Change.reset()
    _clean_vocabulary(last_word, used)


def _clean_vocabulary(last: int, used: set[tuple[str, str]]) -> None:
    """Of the words up to the id `last`, delete the unused and update the stems of the others."""
    old = list(Word.objects.filter(pk__lte=last))
    unused = [word.pk for word in old if (word.language, word.word) not in used]
    for start in range(0, len(unused), 500):
        Word.objects.filter(pk__in=unused[start : start + 500]).delete()
    changed = [word for word in old if word.stem != stem(word.word, word.language)]
    for word in changed:
        word.stem = stem(word.word, word.language)
    Word.objects.bulk_update(changed, ["stem"], batch_size=500)
