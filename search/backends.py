"""The seam between search and where words are kept: one module a database, the same functions.

A back end is a module that defines

- `write(entries, aside)`, `delete(page_ids, aside)`: keep or forget the words of pages;
- `pages_with(stem, beginning)`: the pages that hold a stem, or one that begins so, at each level
  (see `prepared`);
- `titled(starts)`: the pages whose title has words that begin so;
- `begin()`, `swap()`: build a whole index aside, then put it in the place of the old one;
- `scrub()`: leave nothing on the disk of the words that were deleted;
- `empty()`: whether all words are lost;
- `faults()`: what is missing or damaged, in words for `doctor`.

A cluster of search servers would be a third module here.
"""

from types import ModuleType

from django.db import connection


def store() -> ModuleType:
    """The back end of the database in use."""
    if connection.vendor == "postgresql":
        from search import postgresql

        return postgresql
    from search import sqlite

    return sqlite
