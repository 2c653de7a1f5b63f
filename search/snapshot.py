"""The narrow rows of all documents in this process, in step with the database by a journal.

Sets of documents are whole numbers with one bit a document, so that crossing two of them, or
counting a facet of 50,000, takes microseconds. Every write to the index adds a line to the journal
(`Change`); a process that finds unknown lines reads again the pages they name, and nothing else.
"""

import threading
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Sum

from search.backends import store
from search.degradation import or_else
from search.fallback import EPOCH, bare_rows
from search.models import Change, Document, Label, sign
from search.scope import Row, Scope

MOST_WORDS = 128  # whose documents are kept, at most 25 kB a word with 50,000 documents
MOST_SCOPES = 64
COLUMNS = (
    *("page_id", "kind", "labels", "language", "path"),
    *("title_key", "published", "reviewed"),
)
NO, YES = b"01"
SHOWN = bytes.maketrans(b"01", b"\x00\x01")
FEW = 64  # members of a set that are quicker to look for one by one
ORDERS: dict[str, Callable[[Row], tuple]] = {
    "recent": lambda row: (-row.published, -row.place),
    "reviewed": lambda row: (-row.reviewed, -row.place),
    "title": lambda row: (row.title_key, row.page_id),
}


class Held(NamedTuple):
    """The documents that hold a word: in the title, in the summary or a heading, often in the text,
    and anywhere."""

    title: int
    heads: int
    often: int
    anywhere: int


class Memory:
    """Every document at one moment of the journal. Nothing in it changes but what it looked up."""

    # Whether the index is ill, and its rows tell less than it would.
    ill = False

    def __init__(self, rows: Sequence[Row | None] = (), journal: Mapping[int, str] | None = None):
        self.rows = rows
        self.journal = journal or {}
        self.at: dict[int, int] = {}
        # The documents that have a label, by its sign; those of a content type, by its number.
        self.labels: dict[str, int] = {}
        self.kinds: dict[int, int] = {}
        self._words: dict[str, Held] = {}
        self._scopes: dict[Scope, int] = {}
        self._orders: dict[str, list[int]] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Sign -> label."""
        return or_else(self._named, dict)

    @staticmethod
    def _named() -> dict[str, str]:
        return {sign(pk): name for pk, name in Label.objects.values_list("pk", "name")}

    @cached_property
    def signs(self) -> dict[str, str]:
        """Label -> sign."""
        return {name: sign for sign, name in self.names.items()}

    def labelled(self, names: Iterable[str]) -> int:
        """The documents that have one of these labels."""
        return any_of(self.labels.get(self.signs.get(name, ""), 0) for name in names)

    def bits(self, places: Iterable[int]) -> int:
        """The set of these places."""
        mask = bytearray(b"0") * len(self.rows)
        for place in places:
            mask[place] = YES
        mask.reverse()
        return int(mask or b"0", 2)

    def mask(self, bits: int) -> bytes:
        """A set as one byte a place: whether it is there."""
        return f"{bits:0{len(self.rows)}b}".encode().translate(SHOWN)[::-1]

    def places(self, bits: int) -> Iterator[int]:
        """The places of a set, in the order of the pages' numbers."""
        if bits.bit_count() <= FEW:
            return reversed([*self.last(bits)])
        return compress(range(len(self.rows)), self.mask(bits))

    @staticmethod
    def last(bits: int) -> Iterator[int]:
        """The same from the last to the first, one by one: quicker for a few of them."""
        while bits:
            place = bits.bit_length() - 1
            yield place
            bits ^= 1 << place

    def of(self, page_ids: Iterable[int]) -> int:
        """The set of those of these pages that are documents."""
        return self.bits(self.at[pk] for pk in page_ids if pk in self.at)

    def held(self, stem: str) -> Held:
        """The documents that hold `stem`."""
        return self._looked_up(stem)

    def beginning(self, start: str) -> Held:
        """The documents that hold a stem that begins so."""
        return self._looked_up(start, beginning=True)

    def _looked_up(self, stem: str, *, beginning: bool = False) -> Held:
        key = f"{stem}*" if beginning else stem
        found = self._words.get(key)
        if found is None:
            levels = store().pages_with(stem, beginning=beginning)
            title, heads, often, body = map(self.of, levels)
            found = Held(title, title | heads, often, title | heads | often | body)
            _keep(self._words, key, found, MOST_WORDS)
        return found

    def within(self, scope: Scope) -> int:
        """The documents of `scope`."""
        found = self._scopes.get(scope)
        if found is None:
            found = self.bits(row.place for row in self.rows if row and _inside(row, scope))
            _keep(self._scopes, scope, found, MOST_SCOPES)
        return found

    def order(self, name: str) -> list[int]:
        """The places of all documents, by `recent`, `reviewed` or `title`."""
        found = self._orders.get(name)
        if found is None:
            rows = sorted((row for row in self.rows if row), key=ORDERS[name])
            found = self._orders[name] = [row.place for row in rows]
        return found


def any_of(sets: Iterable[int]) -> int:
    """What is in one of these sets."""
    found = 0
    for bits in sets:
        found |= bits
    return found


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

    Within a transaction nothing is kept: it may read what others never will. When the index is
    ill, what pages tell of themselves.
    """
    return or_else(_now, _bare)


def _bare() -> Memory:
    found = _of(list(bare_rows()), {})
    found.ill = True
    return found


def _now() -> Memory:
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
    return _of(list(_rows(Document.objects.all())), journal)


def _of(rows: list[Row], journal: dict[int, str]) -> Memory:
    found = Memory(rows, journal)
    masks: dict[str | int, bytearray] = {}
    for row in found.rows:
        found.at[row.page_id] = row.place
        for mark in (*row.labels, row.kind):
            if mark not in masks:
                masks[mark] = bytearray(b"0") * len(found.rows)
            masks[mark][row.place] = YES
    for mark, mask in masks.items():
        sets = found.labels if isinstance(mark, str) else found.kinds
        sets[mark] = int(mask[::-1], 2)
    return found


def _patched(kept: Memory, changed: set[int], journal: dict[int, str]) -> Memory | None:
    """`kept` with these pages read again; None when that is no less work than to read all.

    Places follow the numbers of pages, on which the order of equals rests.
    """
    if len(changed) > 500:
        return None
    now = {row.page_id: row for row in _rows(Document.objects.filter(pk__in=changed))}
    found = Memory(list(kept.rows), journal)
    found.at, found.labels, found.kinds = dict(kept.at), dict(kept.labels), dict(kept.kinds)
    found._scopes, placed = dict(kept._scopes), {}
    for pk in sorted(changed):
        place, row = kept.at.get(pk), now.get(pk)
        if place is None:
            if row is None:
                continue
            if found.rows and pk < _last(found.rows):
                return None
            place = len(found.rows)
            found.rows.append(None)
        placed[place] = row and row._replace(place=place)
        _put(found, place, placed[place])
    found._orders = {
        name: _put_in_order(places, found.rows, placed, ORDERS[name])
        for name, places in dict(kept._orders).items()
    }
    return found


def _put(known: Memory, place: int, row: Row | None) -> None:
    """`row`, or nothing, instead of what stands at `place`, in every set that `known` has."""
    bit, before = 1 << place, known.rows[place]
    if before:
        known.at.pop(before.page_id)
        known.kinds[before.kind] ^= bit
        for label in before.labels:
            known.labels[label] ^= bit
    known.rows[place] = row
    if row:
        known.at[row.page_id] = place
        known.kinds[row.kind] = known.kinds.get(row.kind, 0) | bit
        for label in row.labels:
            known.labels[label] = known.labels.get(label, 0) | bit
    for scope, bits in known._scopes.items():
        known._scopes[scope] = bits & ~bit | (bit if row and _inside(row, scope) else 0)


def _put_in_order(
    places: list[int], rows: Sequence[Row | None], placed: Mapping[int, Row | None], key
) -> list[int]:
    """`places` once more, those of `placed` where their rows stand now."""
    found = [place for place in places if place not in placed]
    for place, row in placed.items():
        if row:
            insort(found, place, key=lambda place: key(rows[place]))
    return found


def _last(rows: Sequence[Row | None]) -> int:
    return next((row.page_id for row in reversed(rows) if row), 0)
