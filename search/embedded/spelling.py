"""Restore the accents and capitals of a word of the index, as people write it."""

import re
from collections import Counter

from search.analyzer import fold
from search.embedded.results import RankedIds
from search.embedded.snapshot import Snapshot
from search.invisible import strip_invisible
from search.models import Text

READ = 20  # pages that are read
TOKEN = re.compile(r"[^\W_]+")


def as_written(word: str, pages: int, snapshot: Snapshot) -> str:
    """`word` as most titles write it among the set `pages` that hold it, else as most texts do."""
    latest = RankedIds(snapshot, pages, snapshot.sorted_positions("recent"))[:READ]
    texts = Text.objects.filter(pk__in=latest)
    titles, others = Counter(), Counter()
    for title, *parts in texts.values_list("title", "summary", "headings", "keywords", "body"):
        titles.update(_forms(word, title))
        for part in parts:
            others.update(_forms(word, part))
    # Always the same one of two forms that are as frequent.
    ranked = sorted(
        titles.keys() | others.keys(), key=lambda form: (-titles[form], -others[form], form)
    )
    return ranked[0] if ranked else word


def _forms(word: str, text: str) -> list[str]:
    return [token for token in TOKEN.findall(strip_invisible(text.lower())) if fold(token) == word]
