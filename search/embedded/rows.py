"""What is known of a document without reading it."""

from typing import NamedTuple


class Row(NamedTuple):
    """A document of the snapshot; `position` is its bit in sets.

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
    rank: int = 0
