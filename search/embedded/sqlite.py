"""Words kept in SQLite: two FTS5 tables whose row ids are page ids.

`search_words` holds stems by level (see `analysis`); `search_titles` holds the words of titles as
they are written, for suggestions. They are never joined to another table.
"""

from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction

from search.analysis import LEVELS, AnalyzedEntry

# FTS5 need not know where in a column a word is, nor how long columns are: see `ranking`.
TABLES = {
    "search_words": f"{', '.join(LEVELS)}, tokenize = 'unicode61', detail = column, columnsize = 0",
    "search_titles": "words, tokenize = 'unicode61', prefix = '2 3', detail = none, columnsize = 0",
}
ADMIN = "wagtailsearch_indexentry_fts"  # of the admin's own search


def create(suffix: str = "") -> None:
    with connection.cursor() as cursor:
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE VIRTUAL TABLE {name}{suffix} USING fts5({columns})")


def drop(suffix: str = "") -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for name in TABLES:
            force_drop(cursor, f"{name}{suffix}")


def building() -> bool:
    """Whether another index is being built aside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_words_next'")
        return cursor.fetchone() is not None


def begin() -> None:
    drop("_next")
    create("_next")


def swap() -> None:
    """Inside a transaction: the index built aside becomes the index.

    By the older rule of renaming: the newer one reads every trigger of the database, and refuses
    when one, of the admin's own index, speaks of a table that is damaged.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA legacy_alter_table = ON")
        try:
            for name in TABLES:
                force_drop(cursor, name)
                cursor.execute(f"ALTER TABLE {name}_next RENAME TO {name}")
                cursor.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")
        finally:
            cursor.execute("PRAGMA legacy_alter_table = OFF")


def force_drop(cursor, name: str) -> None:
    """Drop a table even when its own pages are damaged beyond what FTS5 can open.

    Within a transaction. To drop it, SQLite opens it first; when that fails, its name is struck
    from the list of tables, and those that FTS5 kept its words in are dropped as any other.
    """
    try:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
    except DatabaseError:
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute("DELETE FROM sqlite_master WHERE type = 'table' AND name = %s", [name])
        cursor.execute("PRAGMA writable_schema = RESET")
    for part in ("data", "idx", "content", "docsize", "config"):
        cursor.execute(f"DROP TABLE IF EXISTS {name}_{part}")


def write(entries: Iterable[AnalyzedEntry], *, aside: bool = False) -> None:
    entries = list(entries)
    delete([entry.page_id for entry in entries], aside=aside)
    suffix = "_next" if aside else ""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO search_words{suffix} (rowid, title, heads, often, body)"
            " VALUES (%s, %s, %s, %s, %s)",
            [(e.page_id, *(" ".join(stems) for stems in e.levels)) for e in entries],
        )
        cursor.executemany(
            f"INSERT INTO search_titles{suffix} (rowid, words) VALUES (%s, %s)",
            [(entry.page_id, entry.title_words) for entry in entries],
        )


def delete(page_ids: list[int], *, aside: bool = False) -> None:
    suffix = "_next" if aside else ""
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.executemany(
                f"DELETE FROM {name}{suffix} WHERE rowid = %s", [(pk,) for pk in page_ids]
            )


def scrub() -> None:
    """FTS5 only marks words as deleted until it merges: 0.2 s at 10,000 pages."""
    names = [*TABLES, *(f"{name}_next" for name in TABLES if building()), ADMIN]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")


def add_words(language: str, words: dict[str, str]) -> None:
    """Add words (word -> stem) to the vocabulary; those that are there stay."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR IGNORE INTO search_word (language, word, stem) VALUES (%s, %s, %s)",
            [(language, word, stem) for word, stem in words.items()],
        )


def postings(stem: str, *, prefix: bool = False) -> list[list[int]]:
    """The pages that hold `stem`, or one that begins with it if `prefix`, in each of `LEVELS`."""
    one = "(SELECT group_concat(rowid) FROM search_words WHERE search_words MATCH %s)"
    words = [f'{{{level}}} : "{stem}"{"*" if prefix else ""}' for level in LEVELS]
    (levels,) = _fetch(f"SELECT {', '.join([one] * len(words))}", words)
    return [_numbers(pages) for pages in levels]


def title_prefix_matches(prefixes: list[str]) -> list[int]:
    """The pages whose title has a word that begins with each of `prefixes`."""
    match = " AND ".join(f'"{prefix}"*' for prefix in prefixes)
    sql = "SELECT group_concat(rowid) FROM search_titles WHERE search_titles MATCH %s"
    ((pages,),) = _fetch(sql, [match])
    return _numbers(pages)


def _numbers(pages: str | None) -> list[int]:
    """One text for all pages: many times faster to receive than a row for each."""
    return [int(page) for page in pages.split(",")] if pages else []


def empty() -> bool:
    """Whether no page has any word."""
    return not _fetch("SELECT rowid FROM search_words LIMIT 1", [])


def faults() -> list[str]:
    """What is missing or damaged."""
    problems = []
    with connection.cursor() as cursor:
        for name in TABLES:
            try:
                cursor.execute(f"INSERT INTO {name}({name}) VALUES ('integrity-check')")
                cursor.execute(
                    "SELECT count(*) FROM search_document"
                    f" WHERE page_id NOT IN (SELECT rowid FROM {name})"
                )
                (missing,) = cursor.fetchone()
                if missing:
                    problems.append(f"{missing} pages are not in {name}")
            except DatabaseError as error:
                problems.append(f"{name}: {error}")
    return problems


def _fetch(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
