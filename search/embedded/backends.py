"""The module that keeps words in the database in use; SQLite and PostgreSQL have one each.

Such a module defines

- `write(entries, aside)`, `delete(page_ids, aside)`: write or delete the words of pages;
- `postings(stem, prefix)`: the pages that hold a stem, or one that begins so, at each level
  (see `analysis`);
- `title_prefix_matches(prefixes)`: the pages whose title has words that begin so;
- `add_words(language, words)`: add words to the vocabulary;
- `begin()`, `swap()`: build a whole index aside, then put it in the place of the old one;
- `scrub()`: leave nothing on the disk of the words that were deleted;
- `empty()`: whether all words are lost;
- `faults()`: what is missing or damaged, in words for `doctor`.
"""

from types import ModuleType

from django.db import connection


def store() -> ModuleType:
    """The module of the database in use."""
    if connection.vendor == "postgresql":
        from search.embedded import postgresql  # noqa: PLC0415 - only the back end in use

        return postgresql
    from search.embedded import sqlite  # noqa: PLC0415 - only the back end in use

    return sqlite
