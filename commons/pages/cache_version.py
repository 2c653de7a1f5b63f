"""The version of what the public reads: whatever is kept under another one is out of date.

It is a number in a file that every process of a machine maps in memory. It changes when a row that
the public sees is written, and again when that is committed: what is read in between is dropped.
"""

import functools
import mmap
import os
import time
from collections.abc import Callable, Hashable
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

# Nothing kept outlives its five minutes of the clock: midnight makes a review overdue. This also
# bounds what no signal tells of, such as a process killed right after its commit.
LIFETIME = 300  # seconds
MOST_VALUES = 1_000

Version = tuple[int, int]


class SharedVersion:
    """Eight bytes of a file mapped in memory: the time of the last change. Raises OSError."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o660)
        try:
            os.ftruncate(file, 8)
            self._cell = memoryview(mmap.mmap(file, 8)).cast("Q")
        finally:
            os.close(file)

    def renew(self) -> None:
        """Make every process drop what it keeps."""
        self._cell[0] = time.time_ns()

    def current(self) -> Version:
        return self._cell[0], int(time.time()) // LIFETIME


@functools.cache
def _at(path: Path) -> SharedVersion:
    return SharedVersion(path)


def shared_version() -> SharedVersion:
    return _at(settings.VAR / "cache_version")


def invalidate() -> None:
    """Drop what is kept, now and once the transaction that writes is committed."""
    version = shared_version()
    version.renew()
    transaction.on_commit(version.renew)


_values: dict[Hashable, tuple[Version, object]] = {}


def cached(key: Hashable, make: Callable[[], object]):
    """`make()`, asked once in each process and version; for values that nobody alters.

    Within a transaction nothing is kept: it may read what others never will.
    """
    if not settings.PAGE_CACHE_MB or connection.in_atomic_block:
        return make()
    version = shared_version().current()
    kept = _values.get(key)
    if kept is not None and kept[0] == version:
        return kept[1]
    value = make()
    if shared_version().current() == version:
        if len(_values) >= MOST_VALUES:
            _values.clear()
        _values[key] = version, value
    return value
