"""Words kept in PostgreSQL: two tsvector columns of the document table, fed with our own stems.

The `simple` configuration changes nothing in them; the labels A, B and C are title, headings with
summary, and body. PostgreSQL does not know how rare a word is, so each word's rank is weighted here
by the share of pages that lack it.
"""

import math
from collections.abc import Iterable

from django.db import connection

from search.looked import Looked, Row, Scope, Way
from search.prepared import Prepared

COLUMNS = {"vector": "search_vector", "titles": "search_titles"}
LABELS = {"title": "A", "heads": "B", "body": "C"}
WEIGHTS = "'{0, 0.08, 0.33, 1}'"  # of D, C, B, A
ORDERS = {
    "recent": "d.published DESC, d.page_id DESC",
    "reviewed": "d.reviewed DESC, d.page_id DESC",
    "title": 'd.title_key COLLATE "C", d.page_id',
}
FRESHNESS = "greatest(d.published / 86400 + 719163, d.reviewed)"


def create(suffix: str = "") -> None:
    with connection.cursor() as cursor:
        # A table with checks that wait for the end of the transaction cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for column, index in COLUMNS.items():
            cursor.execute(
                f"ALTER TABLE search_document ADD COLUMN IF NOT EXISTS {column} tsvector"
                " NOT NULL DEFAULT ''"
            )
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index} ON search_document USING gin ({column})"
            )


def drop(suffix: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for column in COLUMNS:
            cursor.execute(f"ALTER TABLE search_document DROP COLUMN IF EXISTS {column}")


def building() -> bool:
    """Never: each row is replaced in its place, and readers see the old one until then."""
    return False


def begin() -> None:
    if faults():
        create()


def swap() -> None:
    """Nothing to do: see `building`."""


def write(entries: Iterable[Prepared], *, aside: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE search_document SET titles = to_tsvector('simple', %s),"
            " vector = setweight(to_tsvector('simple', %s), 'A')"
            " || setweight(to_tsvector('simple', %s), 'B')"
            " || setweight(to_tsvector('simple', %s), 'C') WHERE page_id = %s",
            [(e.words, e.title, e.heads, e.body, e.page_id) for e in entries],
        )


def delete(page_ids: list[int], *, aside: bool = False) -> None:
    """Nothing to do: the words of a document go with it."""


def scrub() -> None:
    """Autovacuum does it."""


def learn(language: str, words: dict[str, str]) -> None:
    """Keep words (word -> stem) that typing errors may be nearest to; those known stay."""
    # In one order for all, or two publications could wait for each other.
    known = sorted(words.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_word (language, word, stem)"
            " SELECT %s, * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING",
            [language, [word for word, _ in known], [stem for _, stem in known]],
        )


def rows(looked: Looked, scope: Scope, order: str) -> list[Row]:
    """The documents in `scope` that hold what is looked for, or all of them without words."""
    where, params = scope.conditions()
    ordering = f" ORDER BY {ORDERS[order]}" if order in ORDERS else ""
    plain = "d.page_id, d.kind, d.labels"
    if not looked.words:
        sql = f"SELECT {plain}, 0.0, 0 FROM search_document d WHERE true{where}{ordering}"
        return [Row._make(row) for row in _fetch(sql, params)]
    words = [_word(ways) for ways in looked.words]
    ranks = ", ".join([f"ts_rank({WEIGHTS}, d.vector, %s::tsquery, 1)"] * len(words))
    joined = (" & " if looked.need >= len(words) else " | ").join(words)
    sql = (
        f"SELECT {plain}, {FRESHNESS}, {ranks} FROM search_document d"
        f" WHERE d.vector @@ %s::tsquery{where}{ordering}"
    )
    found = _fetch(sql, [*words, joined, *params])
    return _ranked(found, looked.need, _frequencies(words) if len(words) > 1 else [1.0])


def _ranked(found: list[tuple], need: int, rarity: list[float]) -> list[Row]:
    ranked = []
    for page_id, kind, labels, freshness, *ranks in found:
        if sum(rank > 0 for rank in ranks) >= need:
            score = sum(rank * weight for rank, weight in zip(ranks, rarity, strict=True))
            ranked.append(Row(page_id, kind, labels, score * 10, freshness))
    return ranked


def _frequencies(words: list[str]) -> list[float]:
    """How much each word says: the logarithm of pages by pages that hold it."""
    counts = ", ".join(
        ["(SELECT count(*) FROM search_document WHERE vector @@ %s::tsquery)"] * len(words)
    )
    ((total, *holding),) = _fetch(f"SELECT (SELECT count(*) FROM search_document), {counts}", words)
    return [math.log(1 + (total - count + 0.5) / (count + 0.5)) for count in holding]


def holding(looked: Looked, scope: Scope, *columns: str) -> set[int]:
    """The pages that hold every word in these columns (title, heads)."""
    where, params = scope.conditions()
    labels = "".join(LABELS[column] for column in columns)
    query = " & ".join(_word(ways, f":{labels}") for ways in looked.words)
    sql = f"SELECT d.page_id FROM search_document d WHERE d.vector @@ %s::tsquery{where}"
    return {pk for (pk,) in _fetch(sql, [query, *params])}


def titled(starts: list[str], scope: Scope, count: int) -> list[int]:
    """Up to `count` pages whose title has a word beginning like each of `starts`."""
    where, params = scope.conditions()
    query = " & ".join(f"'{start}':*" for start in starts)
    sql = (
        f"SELECT d.page_id FROM search_document d WHERE d.titles @@ %s::tsquery{where}"
        f" ORDER BY length(d.titles), {FRESHNESS} DESC LIMIT {count:d}"
    )
    return [pk for (pk,) in _fetch(sql, [query, *params])]


def faults() -> list[str]:
    """What is missing."""
    schema = "table_schema = current_schema() AND table_name = 'search_document'"
    columns = _fetch(f"SELECT column_name FROM information_schema.columns WHERE {schema}", [])
    lost = [name for name in COLUMNS if (name,) not in columns]
    if lost:
        return [f"search_document lacks {name}" for name in lost]
    indexes = _fetch("SELECT indexname FROM pg_indexes WHERE tablename = 'search_document'", [])
    found = [f"{index} is missing" for index in COLUMNS.values() if (index,) not in indexes]
    ((empty,),) = _fetch("SELECT count(*) FROM search_document WHERE titles = ''", [])
    return found + ([f"{empty} pages have no words"] if empty else [])


def _word(ways: tuple[Way, ...], label: str = "") -> str:
    """One word as a tsquery: stems are letters and digits only, and quoted all the same."""
    said = [" & ".join(f"'{stem}'{label}" for stem in way) for way in ways]
    return "(" + " | ".join(f"({way})" for way in said) + ")"


def _fetch(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
