"""Keep the index true to the list of acronyms: pages that say one have its mark (see `aloud`)."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from wagtail.models import Locale

from search import index
from search.aloud import Aloud, mark
from search.analyzer import stem
from search.backends import store
from search.degradation import careful
from search.models import Acronym, Text


def load_acronyms(file: Path) -> int:
    """Create the acronyms of `file` that are not known yet; returns how many.

    What editors changed or added stays.
    """
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    listed = read["acronyms"] | read["clippings"] | read["synonyms"]
    known = set(Acronym.objects.values_list("short", flat=True))
    new = [Acronym(short=short, long=long) for short, long in listed.items() if short not in known]
    Acronym.objects.bulk_create(new, ignore_conflicts=True)
    refile(new)
    return len(new)


@careful
def refile(acronyms: Iterable[Acronym]) -> None:
    """These acronyms were written or taken away: the pages that say them are read again."""
    index.refresh(_saying(acronyms))


@careful
def unfile(acronym: Acronym) -> None:
    """Before `acronym` is saved: pages have the mark of what it was until `run_due`, at most."""
    before = Acronym.objects.filter(pk=acronym.pk)
    Text.objects.filter(page__in=_saying(before)).update(stale=True)


def _saying(acronyms: Iterable[Acronym]) -> set[int]:
    """The pages that may say one of them: by its mark, itself, or every word of what it means."""
    listed, found = [(acronym.short, acronym.long) for acronym in acronyms], set()
    if not listed or not Text.objects.exists():
        return found
    for language in Locale.objects.values_list("language_code", flat=True):
        for short, ways in Aloud(listed, language).said.items():
            for way in ((mark(short),), (stem(short, language),), *ways):
                found |= set.intersection(*map(_holding, way))
    return found


def _holding(stem: str) -> set[int]:
    return {page for level in store().pages_with(stem) for page in level}
