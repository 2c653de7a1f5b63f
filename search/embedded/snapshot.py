"""A snapshot of all documents in the memory of this process, kept up to date by a journal.

A set of documents is a whole number with one bit a document, so that intersecting two of them, or
counting a facet of 50,000, takes microseconds. Every write to the index adds a line to the journal
(`Change`); a process that finds new lines reads again the pages they name, and nothing else.
"""

import threading
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Sum
from wagtail.models import Page

from search.contract import Scope
from search.degradation import with_fallback
from search.embedded.backends import store
from search.embedded.fallback import EPOCH, fallback_rows
from search.embedded.rows import Row
from search.models import Change, Document, Label, sign

MOST_TERMS = 128  # whose postings are kept, at most 25 kB a term with 50,000 documents
MOST_SCOPES = 64
COLUMNS = (
    *("page_id", "kind", "labels", "language", "path"),
    *("title_key", "published", "reviewed", "rank"),
)
NO, YES = b"01"
MEMBER = bytes.maketrans(b"01", b"\x00\x01")
FEW = 64  # members of a set: up to so many, it is quicker to read them one by one
ORDERS: dict[str, Callable[[Row], tuple]] = {
    "recent": lambda row: (-row.published, -row.position),
    "reviewed": lambda row: (-row.reviewed, -row.position),
    "title": lambda row: (row.title_key, row.page_id),
    "rank": lambda row: (row.rank, -row.published, -row.position),
}


class Postings(NamedTuple):
    """The documents that hold a term: in the title; there or in the summary or a heading; often in
    the body; anywhere."""

    title: int
    headings: int
    often: int
    anywhere: int


class Snapshot:
    """Every document at one moment of the journal. Nothing in it changes but its own caches."""

    # Whether the index is damaged: the rows then come from the pages, without labels nor reviews.
    is_fallback = False

    def __init__(self, rows: Sequence[Row | None] = (), journal: Mapping[int, str] | None = None):
        self.rows = rows
        self.journal = journal or {}
        self.position_of: dict[int, int] = {}
        self.labels: dict[str, int] = {}  # the documents that have a label, by its sign
        self._postings: dict[str, Postings] = {}
        self._scopes: dict[Scope, int] = {}
        self._orders: dict[str, list[int]] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Sign -> label."""
        return with_fallback(self._read_names, dict)

    @staticmethod
    def _read_names() -> dict[str, str]:
        return {sign(pk): name for pk, name in Label.objects.values_list("pk", "name")}

    @cached_property
    def signs(self) -> dict[str, str]:
        """Label -> sign."""
        return {name: sign for sign, name in self.names.items()}

    @cached_property
    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """Facet -> its values, each with the documents that have it."""
        facets = defaultdict(list)
        for key, name in self.names.items():
            facet, _, value = name.partition(":")
            facets[facet].append((value, self.labels.get(key, 0)))
        return facets

    def labelled(self, names: Iterable[str]) -> int:
        """The documents that have one of these labels."""
        return union(self.labels.get(self.signs.get(name, ""), 0) for name in names)

    def bitset(self, positions: Iterable[int]) -> int:
        """The set of the documents at these positions."""
        mask = bytearray(b"0") * len(self.rows)
        for position in positions:
            mask[position] = YES
        mask.reverse()
        return int(mask or b"0", 2)

    def mask(self, bits: int) -> bytes:
        """A set as one byte a position, 1 for its members."""
        return f"{bits:0{len(self.rows)}b}".encode().translate(MEMBER)[::-1]

    def positions(self, bits: int) -> Iterator[int]:
        """The positions of the members of a set, in the order of page ids."""
        if bits.bit_count() <= FEW:
            return reversed([*self.descending_positions(bits)])
        return compress(range(len(self.rows)), self.mask(bits))

    @staticmethod
    def descending_positions(bits: int) -> Iterator[int]:
        """The same from the last to the first, one by one: quicker for the first few."""
        while bits:
            position = bits.bit_length() - 1
            yield position
            bits ^= 1 << position

    def with_pages(self, page_ids: Iterable[int]) -> int:
        """The set of the documents with these page ids."""
        return self.bitset(self.position_of[pk] for pk in page_ids if pk in self.position_of)

    def postings(self, stem: str) -> Postings:
        """The documents that hold `stem`."""
        return self._lookup(stem)

    def prefix_postings(self, prefix: str) -> Postings:
        """The documents that hold a stem that begins with `prefix`."""
        return self._lookup(prefix, prefix=True)

    def _lookup(self, stem: str, *, prefix: bool = False) -> Postings:
        key = f"{stem}*" if prefix else stem
        postings = self._postings.get(key)
        if postings is None:
            levels = store().postings(stem, prefix=prefix)
            title, headings, often, body = map(self.with_pages, levels)
            headings |= title
            postings = Postings(title, headings, often, headings | often | body)
            _cache(self._postings, key, postings, MOST_TERMS)
        return postings

    def in_scope(self, scope: Scope) -> int:
        """The documents of `scope`."""
        members = self._scopes.get(scope)
        if members is None:
            rows = (row for row in self.rows if row and _matches(row, scope))
            members = self.bitset(row.position for row in rows)
            _cache(self._scopes, scope, members, MOST_SCOPES)
        return members

    def sorted_positions(self, order: str) -> list[int]:
        """The positions of all documents, in one of `ORDERS`."""
        positions = self._orders.get(order)
        if positions is None:
            rows = sorted((row for row in self.rows if row), key=ORDERS[order])
            positions = self._orders[order] = [row.position for row in rows]
        return positions


def union(sets: Iterable[int]) -> int:
    """What is in one of these sets."""
    result = 0
    for bits in sets:
        result |= bits
    return result


def _cache(cache: dict, key, value, most: int) -> None:
    if len(cache) >= most:
        cache.clear()
    cache[key] = value


def _matches(row: Row, scope: Scope) -> bool:
    return (
        (not scope.language or row.language == scope.language)
        and (not scope.kinds or row.kind in scope.kinds)
        and row.path.startswith(scope.within)
        and not (scope.closed and _is_below(row.path, scope.closed))
    )


def _is_below(path: str, places: frozenset[str]) -> bool:
    """Whether one of `places` is `path` or above it; what this costs is how deep it stands."""
    step = Page.steplen
    return any(path[:length] in places for length in range(step, len(path) + 1, step))


class _Cache:
    """The snapshot of this process."""

    lock = threading.Lock()
    snapshot: Snapshot | None = None


def current_snapshot() -> Snapshot:
    """All documents as the database has them now. One query when nothing changed.

    Within a transaction nothing is cached: it may read what is never committed. When the index is
    damaged, the documents come from the pages (see `fallback`).
    """
    return with_fallback(_current, _fallback_snapshot)


def _fallback_snapshot() -> Snapshot:
    snapshot = _build(list(fallback_rows()), {})
    snapshot.is_fallback = True
    return snapshot


def _current() -> Snapshot:
    cached = _Cache.snapshot
    if cached is not None and _version(cached.journal) == _stored_version():
        return cached
    if connection.in_atomic_block:
        return _updated(cached)
    with _Cache.lock:
        # Another thread may have updated it meanwhile.
        if _Cache.snapshot is cached or _version(_Cache.snapshot.journal) != _stored_version():
            _Cache.snapshot = _updated(_Cache.snapshot)
        return _Cache.snapshot


def _version(journal: Mapping[int, str]) -> tuple[int, int]:
    return len(journal), sum(journal)


def _stored_version() -> tuple[int, int]:
    row = Change.objects.aggregate(lines=Count("pk"), total=Sum("token"))
    return row["lines"], int(row["total"] or 0)


def _updated(cached: Snapshot | None) -> Snapshot:
    """The journal first: a page that changes while it is read is read again next time."""
    journal = dict(Change.objects.values_list("token", "pages"))
    if cached is not None and cached.journal.keys() <= journal.keys():
        lines = [pages for token, pages in journal.items() if token not in cached.journal]
        if all(lines):
            changed = {int(pk) for pages in lines for pk in pages.split(",")}
            if (patched := _patched(cached, changed, journal)) is not None:
                return patched
    return _build(list(_rows(Document.objects.all())), journal)


def _rows(documents) -> Iterator[Row]:
    columns = documents.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=2000)
    for position, (pk, kind, labels, *others, published, reviewed, rank) in enumerate(columns):
        fresh = max(published // 86400 + EPOCH, reviewed)
        yield Row(pk, kind, labels, fresh, position, *others, published, reviewed, rank)


def _build(rows: list[Row], journal: dict[int, str]) -> Snapshot:
    snapshot = Snapshot(rows, journal)
    masks: dict[str, bytearray] = {}
    for row in rows:
        snapshot.position_of[row.page_id] = row.position
        for label in row.labels:
            if label not in masks:
                masks[label] = bytearray(b"0") * len(rows)
            masks[label][row.position] = YES
    snapshot.labels = {label: int(mask[::-1], 2) for label, mask in masks.items()}
    return snapshot


def _patched(cached: Snapshot, changed: set[int], journal: dict[int, str]) -> Snapshot | None:
    """`cached` with these pages read again; None when that is no less work than to read all.

    Positions follow page ids, on which the order of equals rests.
    """
    if len(changed) > 500:
        return None
    rows = {row.page_id: row for row in _rows(Document.objects.filter(pk__in=changed))}
    patched = Snapshot(list(cached.rows), journal)
    patched.position_of, patched.labels = dict(cached.position_of), dict(cached.labels)
    patched._scopes = dict(cached._scopes)
    replaced: dict[int, Row | None] = {}
    for pk in sorted(changed):
        position, row = cached.position_of.get(pk), rows.get(pk)
        if position is None:
            if row is None:
                continue
            if patched.rows and pk < _last_page_id(patched.rows):
                return None
            position = len(patched.rows)
            patched.rows.append(None)
        replaced[position] = row and row._replace(position=position)
        _replace(patched, position, replaced[position])
    patched._orders = {
        order: _moved(positions, patched.rows, replaced, ORDERS[order])
        for order, positions in dict(cached._orders).items()
    }
    return patched


def _replace(snapshot: Snapshot, position: int, row: Row | None) -> None:
    """Put `row`, or nothing, at `position`, in every set of `snapshot`."""
    bit, before = 1 << position, snapshot.rows[position]
    if before:
        snapshot.position_of.pop(before.page_id)
        for label in before.labels:
            snapshot.labels[label] ^= bit
    snapshot.rows[position] = row
    if row:
        snapshot.position_of[row.page_id] = position
        for label in row.labels:
            snapshot.labels[label] = snapshot.labels.get(label, 0) | bit
    for scope, bits in snapshot._scopes.items():
        snapshot._scopes[scope] = bits & ~bit | (bit if row and _matches(row, scope) else 0)


def _moved(
    positions: list[int], rows: Sequence[Row | None], replaced: Mapping[int, Row | None], key
) -> list[int]:
    """`positions`, those of `replaced` moved to where their rows sort now."""
    result = [position for position in positions if position not in replaced]
    for position, row in replaced.items():
        if row:
            insort(result, position, key=lambda position: key(rows[position]))
    return result


def _last_page_id(rows: Sequence[Row | None]) -> int:
    return next((row.page_id for row in reversed(rows) if row), 0)
