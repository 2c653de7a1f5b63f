"""The back end of one machine: words in SQLite or PostgreSQL, documents in memory.

`contract` says what each of these functions does.
"""

from search.embedded.documents import delete, pages_holding, put, rename_label, update_paths
from search.embedded.engine import search, similar, suggest
from search.embedded.erasure import erase_words
from search.embedded.integrity import faults
from search.embedded.rebuild import rebuild

__all__ = [
    "delete",
    "erase_words",
    "faults",
    "pages_holding",
    "put",
    "rebuild",
    "rename_label",
    "search",
    "similar",
    "suggest",
    "update_paths",
]
