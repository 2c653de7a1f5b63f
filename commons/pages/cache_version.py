"""Numbers that move when what the public reads changes, shared by a machine's processes."""

import functools
import mmap
import os
import time
from collections.abc import Callable, Hashable
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

# Nothing kept outlives its five minutes of the clock: midnight, which makes a review overdue,
# starts new ones, and so ends all that no signal tells of.
LIFE = 300  # seconds
# A change announced and never made (rolled back, or its process killed) stops counting after this.
PATIENCE = 10_000_000_000  # nanoseconds
MOST = 1_000  # values remembered

Stamp = tuple[int, int]


class Generation:
    """Eight bytes of a file mapped in memory: the time of the last change, odd while it is made."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o660)
        try:
            os.ftruncate(file, 8)
            self._cell = memoryview(mmap.mmap(file, 8)).cast("Q")
        finally:
            os.close(file)

    def announce(self) -> None:
        """A change is being written: nothing read meanwhile may be kept."""
        self._cell[0] = time.time_ns() | 1

    def move(self) -> None:
        """A change can be read by all: what was kept is dropped."""
        self._cell[0] = time.time_ns() & ~1

    def stamp(self) -> Stamp:
        """What is kept under another stamp than this one is out of date."""
        return self._cell[0], int(time.time()) // LIFE

    def settled(self) -> bool:
        """Whether no change is being written, so that what is read may be kept."""
        number = self._cell[0]
        return not number & 1 or time.time_ns() - number > PATIENCE


@functools.cache
def _at(path: Path) -> Generation:
    return Generation(path)


def generation() -> Generation:
    """Whatever the public reads."""
    return _at(settings.VAR / "generation")


def structure() -> Generation:
    """The same without how full sessions are, which in a crowd changes many times a second."""
    return _at(settings.VAR / "structure")


def change(*, seats_only: bool = False) -> None:
    """Tell every process, now and once committed, that what the public reads changes.

    `seats_only`: nothing of it but how full sessions are.
    """
    # The answers last: one that is put together meanwhile from what was remembered is dropped too.
    for changed in [generation()] if seats_only else [structure(), generation()]:
        changed.announce()
        transaction.on_commit(changed.move)


_memory: dict[Hashable, tuple[Stamp, object]] = {}


def remembered(key: Hashable, make: Callable[[], object]):
    """`make()`, asked once in each process as long as the structure stays; for what nobody alters.

    It asks nothing of who signed up. Within a transaction nothing is remembered: it may read what
    others never will.
    """
    if not settings.PAGE_CACHE_MB or connection.in_atomic_block:
        return make()
    here = structure()
    stamp = here.stamp()
    kept = _memory.get(key)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    settled, value = here.settled(), make()
    if settled and here.stamp() == stamp:
        if len(_memory) >= MOST:
            _memory.clear()
        _memory[key] = stamp, value
    return value
