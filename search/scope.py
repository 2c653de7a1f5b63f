"""Among which pages one searches, and what is known of a page without reading it."""

from dataclasses import dataclass
from typing import NamedTuple

# One way of saying a word: stems that must all be there (« lowtech », or « low » with « tech »).
Way = tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Among which pages: in a language, of some kinds, under a place, outside closed places.

    `closed` holds the paths of what the person may not see: the rule itself stands elsewhere.
    """

    language: str = ""
    kinds: tuple[int, ...] = ()
    within: str = ""
    closed: tuple[str, ...] = ()


class Row(NamedTuple):
    """What is known of a document without reading it; `place` is where `Memory` keeps it.

    `published` is in seconds since 1970, `reviewed` and `freshness` (the later of both) in days.
    """

    page_id: int
    kind: int
    labels: str
    freshness: int
    place: int = 0
    language: str = ""
    path: str = ""
    title_key: str = ""
    published: int = 0
    reviewed: int = 0
