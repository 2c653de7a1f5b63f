"""The narrow rows of all documents in this process, in step with the database by a journal.

Sets of documents are whole numbers with one bit a document, so that crossing two of them, or
counting a facet of 50,000, takes microseconds. Every write to the index adds a line to the journal
(`Change`); a process that finds unknown lines reads again the pages they name, and nothing else.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import attrgetter
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Sum

from search.looked import Row, Scope
from search.models import Change, Document, Label, sign
from search.store import store

MOST_WORDS = 128  # whose documents are kept, at most 25 kB a word with 50,000 documents
MOST_SCOPES = 64
COLUMNS = (
    *("page_id", "kind", "labels", "language", "path"),
    *("title_key", "published", "reviewed"),
)
EPOCH = 719163  # 1 January 1970, as date.toordinal() counts
NO, YES = b"01"
SHOWN = bytes.maketrans(b"01", b"\x00\x01")
ORDERS = {"recent": "published", "reviewed": "reviewed"}


class Held(NamedTuple):
    """The documents that hold a word: in the title, in the summary or a heading, often in the text,
    and anywhere."""

    title: int
    heads: int
    often: int
    anywhere: int


class Memory:
    """Every document at one moment of the journal. Nothing in it changes but what it looked up."""

    def __init__(self, rows: Sequence[Row | None] = (), journal: Mapping[int, str] | None = None):
        self.rows = rows
        self.journal = journal or {}
        self.at = {row.page_id: row.place for row in rows if row}
        self.labels: dict[str, int] = {}
        self._words: dict[str, Held] = {}
        self._scopes: dict[Scope, int] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Sign -> label."""
        return {sign(pk): name for pk, name in Label.objects.values_list("pk", "name")}

    def bits(self, places: Iterable[int]) -> int:
        """The set of these places."""
        mask = bytearray(b"0") * len(self.rows)
        for place in places:
            mask[place] = YES
        mask.reverse()
        return int(mask or b"0", 2)

    def places(self, bits: int) -> Iterator[int]:
        """The places of a set, in the order of the pages' numbers."""
        return compress(range(len(self.rows)), f"{bits:b}".encode().translate(SHOWN)[::-1])

    def of(self, page_ids: Iterable[int]) -> int:
        """The set of those of these pages that are documents."""
        return self.bits(self.at[pk] for pk in page_ids if pk in self.at)

    def held(self, stem: str) -> Held:
        """The documents that hold `stem`."""
        found = self._words.get(stem)
        if found is None:
            title, heads, often, body = map(self.of, store().pages_with(stem))
            found = Held(title, title | heads, often, title | heads | often | body)
            _keep(self._words, stem, found, MOST_WORDS)
        return found

    def within(self, scope: Scope) -> int:
        """The documents of `scope`."""
        found = self._scopes.get(scope)
        if found is None:
            found = self.bits(row.place for row in self.rows if row and _inside(row, scope))
            _keep(self._scopes, scope, found, MOST_SCOPES)
        return found

    def ordered(self, bits: int, order: str) -> list[Row]:
        """The documents of a set, by `recent`, `reviewed` or `title`."""
        rows = [self.rows[place] for place in self.places(bits)]
        if order == "title":
            return sorted(rows, key=attrgetter("title_key", "page_id"))
        rows.reverse()
        return sorted(rows, key=attrgetter(ORDERS[order]), reverse=True)


def _keep(kept: dict, key, value, most: int) -> None:
    if len(kept) >= most:
        kept.clear()
    kept[key] = value


def _inside(row: Row, scope: Scope) -> bool:
    return (
        (not scope.language or row.language == scope.language)
        and (not scope.kinds or row.kind in scope.kinds)
        and row.path.startswith(scope.within)
        and not (scope.closed and row.path.startswith(scope.closed))
    )


class _Kept:
    """The memory of this process."""

    lock = threading.Lock()
    memory: Memory | None = None


def memory() -> Memory:
    """All documents as the database has them now. One query when nothing changed.

    Within a transaction nothing is kept: it may read what others never will.
    """
    kept = _Kept.memory
    if kept is not None and _marker(kept.journal) == _marker_now():
        return kept
    if connection.in_atomic_block:
        return _read(kept)
    with _Kept.lock:
        # Another thread may have read it meanwhile.
        if _Kept.memory is kept or _marker(_Kept.memory.journal) != _marker_now():
            _Kept.memory = _read(_Kept.memory)
        return _Kept.memory


def _marker(journal: Mapping[int, str]) -> tuple[int, int]:
    return len(journal), sum(journal)


def _marker_now() -> tuple[int, int]:
    told = Change.objects.aggregate(lines=Count("pk"), total=Sum("token"))
    return told["lines"], int(told["total"] or 0)


def _read(kept: Memory | None) -> Memory:
    """The journal first: a page that changes while it is read is read again next time."""
    journal = dict(Change.objects.values_list("token", "pages"))
    if kept is not None and kept.journal.keys() <= journal.keys():
        told = [pages for token, pages in journal.items() if token not in kept.journal]
        if all(told):
            changed = {int(pk) for pages in told for pk in pages.split(",")}
            if (found := _patched(kept, changed, journal)) is not None:
                return found
    return _whole(journal)


def _rows(documents) -> Iterator[Row]:
    for place, (pk, kind, labels, language, path, key, published, reviewed) in enumerate(
        documents.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=2000)
    ):
        fresh = max(published // 86400 + EPOCH, reviewed)
        yield Row(pk, kind, labels, fresh, place, language, path, key, published, reviewed)


def _whole(journal: dict[int, str]) -> Memory:
    found = Memory(list(_rows(Document.objects.all())), journal)
    masks: dict[str, bytearray] = {}
    for row in found.rows:
        for label in row.labels:
            if label not in masks:
                masks[label] = bytearray(b"0") * len(found.rows)
            masks[label][row.place] = YES
    found.labels = {label: int(mask[::-1], 2) for label, mask in masks.items()}
    return found


def _patched(kept: Memory, changed: set[int], journal: dict[int, str]) -> Memory | None:
    """`kept` with these pages read again; None when that is no less work than to read all.

    Places follow the numbers of pages, on which the order of equals rests.
    """
    if len(changed) > 500:
        return None
    now = {row.page_id: row for row in _rows(Document.objects.filter(pk__in=changed))}
    rows, labels = list(kept.rows), dict(kept.labels)
    for pk in sorted(changed):
        place, row = kept.at.get(pk), now.get(pk)
        if place is None:
            if row is None:
                continue
            if rows and pk < _last(rows):
                return None
            place = len(rows)
            rows.append(None)
        for label in rows[place].labels if rows[place] else "":
            labels[label] ^= 1 << place
        rows[place] = row and row._replace(place=place)
        for label in row.labels if row else "":
            labels[label] = labels.get(label, 0) | 1 << place
    found = Memory(rows, journal)
    found.labels = labels
    return found


def _last(rows: Sequence[Row | None]) -> int:
    return next((row.page_id for row in reversed(rows) if row), 0)
