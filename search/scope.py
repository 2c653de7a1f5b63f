"""Which documents a search may find, and what is known of a document without reading it."""

from dataclasses import dataclass
from typing import NamedTuple

# Stems that a page must hold together to match a term: « lowtech », or « low » with « tech ».
Variant = tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Which documents a search may find: of a language, of some content types, below a page of the
    tree, outside closed parts of it.

    `within` is the path of that page; `closed` holds the paths of what the person may not see: the
    rule itself stands elsewhere.
    """

    language: str = ""
    kinds: tuple[int, ...] = ()
    within: str = ""
    closed: tuple[str, ...] = ()


class Row(NamedTuple):
    """What is known of a document without reading it; `position` is its bit in sets.

    `published` is in seconds since 1970, `reviewed` and `freshness` (the later of both) in days.
    """

    page_id: int
    kind: int
    labels: str
    freshness: int
    position: int = 0
    language: str = ""
    path: str = ""
    title_key: str = ""
    published: int = 0
    reviewed: int = 0
