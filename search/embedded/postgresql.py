"""Words kept in PostgreSQL: two tsvector columns of the document table, fed with our own stems.

A word of `vector` is the number of its level in `analysis.LEVELS`, then the stem: PostgreSQL's own
weights are not in its index, and would have every document read again.
"""

from collections.abc import Iterable

from django.db import connection

from search.analysis import LEVELS, AnalyzedEntry

COLUMNS = {"vector": "search_vector", "titles": "search_titles"}
# The planner does not know that reading a vector costs more than reading the index, even when most
# documents hold a word; and one text for all pages is received many times faster than a row each.
FUNCTION = """
CREATE OR REPLACE FUNCTION search_pages_by_{column}(looked tsquery) RETURNS text
LANGUAGE sql STABLE SET enable_seqscan = off SET jit = off AS
$$ SELECT string_agg(page_id::text, ',') FROM search_document WHERE {column} @@ looked $$
"""


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
            cursor.execute(FUNCTION.format(column=column))


def drop(suffix: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for column in COLUMNS:
            cursor.execute(f"DROP FUNCTION IF EXISTS search_pages_by_{column}")
            cursor.execute(f"ALTER TABLE search_document DROP COLUMN IF EXISTS {column}")


def building() -> bool:
    """Never: each row is replaced in its place, and readers see the old one until then."""
    return False


def begin() -> None:
    if faults():
        create()


def swap() -> None:
    """Nothing to do: see `building`."""


def write(entries: Iterable[AnalyzedEntry], *, aside: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE search_document SET titles = array_to_tsvector(%s::text[]),"
            " vector = array_to_tsvector(%s::text[]) WHERE page_id = %s",
            [(sorted(set(e.title_words.split())), _terms(e), e.page_id) for e in entries],
        )


def _terms(entry: AnalyzedEntry) -> list[str]:
    return [
        f"{number}{stem}" for number, stems in enumerate(entry.levels) for stem in sorted(stems)
    ]


def delete(page_ids: list[int], *, aside: bool = False) -> None:
    """Nothing to do: the words of a document go with it."""


def scrub() -> None:
    """Autovacuum does it."""


def add_words(language: str, words: dict[str, str]) -> None:
    """Add words (word -> stem) to the vocabulary; those that are there stay."""
    # In one order for all, or two publications could wait for each other.
    pairs = sorted(words.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_word (language, word, stem)"
            " SELECT %s, * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING",
            [language, [word for word, _ in pairs], [stem for _, stem in pairs]],
        )


def postings(stem: str, *, prefix: bool = False) -> list[list[int]]:
    """The pages that hold `stem`, or one that begins with it if `prefix`, in each of `LEVELS`.

    Stems are letters and digits only.
    """
    end = ":*" if prefix else ""
    words = [f"'{number}{stem}'{end}" for number in range(len(LEVELS))]
    one = "search_pages_by_vector(%s::tsquery)"
    (levels,) = _fetch(f"SELECT {', '.join([one] * len(words))}", words)
    return [_numbers(pages) for pages in levels]


def title_prefix_matches(prefixes: list[str]) -> list[int]:
    """The pages whose title has a word that begins with each of `prefixes`."""
    query = " & ".join(f"'{prefix}':*" for prefix in prefixes)
    ((pages,),) = _fetch("SELECT search_pages_by_titles(%s::tsquery)", [query])
    return _numbers(pages)


def _numbers(pages: str | None) -> list[int]:
    return [int(page) for page in pages.split(",")] if pages else []


def empty() -> bool:
    """Whether no page has any word."""
    return not _fetch("SELECT 1 FROM search_document WHERE vector <> '' LIMIT 1", [])


def faults() -> list[str]:
    """What is missing."""
    schema = "table_schema = current_schema() AND table_name = 'search_document'"
    columns = _fetch(f"SELECT column_name FROM information_schema.columns WHERE {schema}", [])
    missing = [name for name in COLUMNS if (name,) not in columns]
    if missing:
        return [f"search_document lacks {name}" for name in missing]
    indexes = _fetch("SELECT indexname FROM pg_indexes WHERE tablename = 'search_document'", [])
    problems = [f"{index} is missing" for index in COLUMNS.values() if (index,) not in indexes]
    for column in COLUMNS:
        ((function,),) = _fetch("SELECT to_regproc(%s)", [f"search_pages_by_{column}"])
        problems += [] if function else [f"search_pages_by_{column} is missing"]
    ((empty,),) = _fetch("SELECT count(*) FROM search_document WHERE titles = ''", [])
    return problems + ([f"{empty} pages have no words"] if empty else [])


def _fetch(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
