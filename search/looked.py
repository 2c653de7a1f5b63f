"""What is looked for, and where: the two values that every back end understands."""

from dataclasses import dataclass, field
from typing import NamedTuple

# One way of saying a word: stems that must all be there (« lowtech », or « low » with « tech »).
Way = tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """Words to find: each is a list of ways to say it; `need` of them must be in a page."""

    words: tuple[tuple[Way, ...], ...] = ()
    need: int = 0


@dataclass(frozen=True)
class Scope:
    """Among which pages: in a language, of some kinds, under a place, outside closed places.

    `closed` holds the paths of what the person may not see: the rule itself stands elsewhere.
    """

    language: str = ""
    kinds: tuple[int, ...] = ()
    within: str = ""
    closed: tuple[str, ...] = ()
    only: tuple[int, ...] = field(default=())

    def conditions(self, table: str = "d") -> tuple[str, list]:
        """The scope as SQL that begins with AND, and its parameters."""
        sql, params = [], []
        if self.language:
            sql.append(f"{table}.language = %s")
            params.append(self.language)
        for column, numbers in (("kind", self.kinds), ("page_id", self.only)):
            if numbers:
                sql.append(f"{table}.{column} IN ({', '.join(['%s'] * len(numbers))})")
                params += numbers
        if self.within:
            sql.append(f"substr({table}.path, 1, {len(self.within)}) = %s")
            params.append(self.within)
        # One condition for each depth, however many pages are closed.
        for length in sorted({len(path) for path in self.closed}):
            paths = [path for path in self.closed if len(path) == length]
            marks = ", ".join(["%s"] * len(paths))
            sql.append(f"substr({table}.path, 1, {length}) NOT IN ({marks})")
            params += paths
        return "".join(f" AND {condition}" for condition in sql), params


class Row(NamedTuple):
    """A document found; the higher the score the better, whatever the database."""

    page_id: int
    kind: int
    labels: str
    score: float
    freshness: int
