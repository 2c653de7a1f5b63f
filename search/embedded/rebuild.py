"""Build the whole index again, aside, while the site goes on answering from the old one."""

from collections.abc import Iterator

from django.db import transaction

from search import index
from search.analyzer import stem
from search.embedded.backends import store
from search.embedded.documents import delete, write
from search.embedded.tables import create_missing_tables
from search.models import Change, Document, Word

A_BATCH = 100


def rebuild() -> Iterator[int]:
    """Yield how many pages were read, batch by batch; the new index serves once the iterator ends.

    What is published meanwhile is written in both. A batch holds the write lock for a part of a
    second only; a run that was killed leaves the old index in place.
    """
    create_missing_tables()
    store().begin()
    last_word = Word.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    pages, used = index.published_ids(), set()
    for start in range(0, len(pages), A_BATCH):
        batch = pages[start : start + A_BATCH]
        with transaction.atomic():
            entries = index.entries(index.read_pages(batch))
            vocabulary = write(entries, aside=True)
            delete(set(batch) - {entry.page_id for entry in entries})
        used |= {(language, word) for language, words in vocabulary.items() for word in words}
        yield len(batch)
    with transaction.atomic():
        indexed = set(Document.objects.values_list("pk", flat=True))
        delete(indexed - set(index.published_ids()))
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
