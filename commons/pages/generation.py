"""A number that moves whenever what the public reads changes, shared by a machine's processes."""

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
    """The one of this installation."""
    return _at(settings.VAR / "generation")


def change() -> None:
    """Tell every process, now and once committed, that what the public reads changes."""
    generation().announce()
    transaction.on_commit(generation().move)


_memory: dict[Hashable, tuple[Stamp, object]] = {}


def remembered(key: Hashable, make: Callable[[], object]):
    """`make()`, asked once a generation in each process; for what nobody alters.

    Within a transaction nothing is remembered: it may read what others never will.
    """
    if not settings.PAGE_CACHE_MB or connection.in_atomic_block:
        return make()
    here = generation()
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
