"""Load the acronyms of the field; what editors changed or added stays."""

import tomllib
from pathlib import Path

from search.models import Acronym


def load_acronyms(file: Path) -> int:
    """Create the acronyms of `file` that are not known yet; returns how many."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))["acronyms"]
    known = set(Acronym.objects.values_list("short", flat=True))
    new = [Acronym(short=short, long=long) for short, long in listed.items() if short not in known]
    return len(Acronym.objects.bulk_create(new, ignore_conflicts=True))
