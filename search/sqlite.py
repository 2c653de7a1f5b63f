"""Words kept in SQLite: two FTS5 tables whose rows have the numbers of the pages.

`search_words` holds stems (title, headings, body); `search_titles` holds the words of titles as
they are written, for suggestions. FTS5 stays outermost in joins: turned round, SQLite would match
once a document (41 s instead of 0.1 s at 10,000 pages).
"""

from collections.abc import Iterable

from django.db import DatabaseError, connection

from search.looked import Looked, Row, Scope
from search.prepared import Prepared

TABLES = {
    "search_words": "title, heads, body, tokenize = 'unicode61'",
    "search_titles": "words, tokenize = 'unicode61', prefix = '2 3'",
}
ADMIN = "wagtailsearch_indexentry_fts"  # of the admin's own search
# A word of the title is worth 12 of the body, one of the summary or of a heading 4.
WEIGHTS = "12.0, 4.0, 1.0"
ORDERS = {
    "recent": "d.published DESC, d.page_id DESC",
    "reviewed": "d.reviewed DESC, d.page_id DESC",
    "title": "d.title_key, d.page_id",
}
COLUMNS = "d.page_id, d.kind, d.labels"
# The later of publication and review, in days.
FRESHNESS = "max(d.published / 86400 + 719163, d.reviewed)"


def create(suffix: str = "") -> None:
    with connection.cursor() as cursor:
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE VIRTUAL TABLE {name}{suffix} USING fts5({columns})")


def drop(suffix: str = "") -> None:
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {name}{suffix}")


def building() -> bool:
    """Whether another index is being built aside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_words_next'")
        return cursor.fetchone() is not None


def begin() -> None:
    drop("_next")
    create("_next")


def swap() -> None:
    """Inside a transaction: the index built aside becomes the index."""
    with connection.cursor() as cursor:
        for name in TABLES:
            _force_drop(cursor, name)
            cursor.execute(f"ALTER TABLE {name}_next RENAME TO {name}")
            cursor.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")


def _force_drop(cursor, name: str) -> None:
    """Drop a table even when its own pages are damaged beyond what FTS5 can open."""
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    for part in ("data", "idx", "content", "docsize", "config"):
        cursor.execute(f"DROP TABLE IF EXISTS {name}_{part}")


def write(entries: Iterable[Prepared], *, aside: bool = False) -> None:
    entries = list(entries)
    delete([entry.page_id for entry in entries], aside=aside)
    suffix = "_next" if aside else ""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO search_words{suffix} (rowid, title, heads, body) VALUES (%s, %s, %s, %s)",
            [(entry.page_id, entry.title, entry.heads, entry.body) for entry in entries],
        )
        cursor.executemany(
            f"INSERT INTO search_titles{suffix} (rowid, words) VALUES (%s, %s)",
            [(entry.page_id, entry.words) for entry in entries],
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


def learn(language: str, words: dict[str, str]) -> None:
    """Keep words (word -> stem) that typing errors may be nearest to; those known stay."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR IGNORE INTO search_word (language, word, stem) VALUES (%s, %s, %s)",
            [(language, word, stem) for word, stem in words.items()],
        )


def rows(looked: Looked, scope: Scope, order: str) -> list[Row]:
    """The documents in `scope` that hold what is looked for, or all of them without words."""
    where, params = scope.conditions()
    if not looked.words:
        sql = f"SELECT {COLUMNS}, 0.0, 0 FROM search_document d WHERE 1 = 1{where}"
    else:
        sql = (
            f"SELECT {COLUMNS}, -bm25(search_words, {WEIGHTS}), {FRESHNESS} FROM search_words"
            " CROSS JOIN search_document d ON d.page_id = search_words.rowid"
            f" WHERE search_words MATCH %s{where}"
        )
        params = [_match(looked), *params]
        if 1 < looked.need < len(looked.words):
            counted = " UNION ALL ".join(
                ["SELECT rowid FROM search_words WHERE search_words MATCH %s"] * len(looked.words)
            )
            sql += (
                # The sign keeps FTS5 outermost: by number of row it would match once a row.
                " AND +d.page_id IN (SELECT rowid FROM "
                f"({counted}) GROUP BY rowid HAVING count(*) >= {looked.need:d})"
            )
            params += [_word(ways) for ways in looked.words]
    if order in ORDERS:
        sql += f" ORDER BY {ORDERS[order]}"
    return [Row._make(row) for row in _fetch(sql, params)]


def holding(looked: Looked, scope: Scope, *columns: str) -> set[int]:
    """The pages that hold every word in these columns (title, heads)."""
    where, params = scope.conditions()
    match = f"{{{' '.join(columns)}}} : ({' AND '.join(_word(ways) for ways in looked.words)})"
    sql = (
        "SELECT d.page_id FROM search_words CROSS JOIN search_document d"
        f" ON d.page_id = search_words.rowid WHERE search_words MATCH %s{where}"
    )
    return {pk for (pk,) in _fetch(sql, [match, *params])}


def titled(starts: list[str], scope: Scope, count: int) -> list[int]:
    """Up to `count` pages whose title has a word beginning like each of `starts`."""
    where, params = scope.conditions()
    match = " AND ".join(f'"{start}"*' for start in starts)
    sql = (
        "SELECT d.page_id FROM search_titles CROSS JOIN search_document d"
        f" ON d.page_id = search_titles.rowid WHERE search_titles MATCH %s{where}"
        f" ORDER BY bm25(search_titles), {FRESHNESS} DESC LIMIT {count:d}"
    )
    return [pk for (pk,) in _fetch(sql, [match, *params])]


def faults() -> list[str]:
    """What is missing or damaged."""
    found = []
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
                    found.append(f"{missing} pages are not in {name}")
            except DatabaseError as error:
                found.append(f"{name}: {error}")
    return found


def _match(looked: Looked) -> str:
    joined = " AND " if looked.need >= len(looked.words) else " OR "
    return joined.join(_word(ways) for ways in looked.words)


def _word(ways) -> str:
    """One word in FTS5's language: stems are letters and digits only, and quoted all the same."""
    said = [" AND ".join(f'"{stem}"' for stem in way) for way in ways]
    return "(" + " OR ".join(f"({way})" for way in said) + ")"


def _fetch(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
