"""The acronyms, clippings and synonyms of the field, in the terms of the index.

A page says « CUMA » by the acronym, or by what it stands for, word after word: the index keeps one
term for both. The same words scattered over a page do not make one.
"""

import functools
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from search.analyzer import Variant, forms, stems
from search.models import Acronym

SEPARATOR = ";"  # between several meanings


def load_acronyms(file: Path) -> int:
    """Create the acronyms of `file` that do not exist yet; returns how many.

    What editors changed or added stays.
    """
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    listed = content["acronyms"] | content["clippings"] | content["synonyms"]
    existing = set(Acronym.objects.values_list("short", flat=True))
    new = [
        Acronym(short=short, long=long) for short, long in listed.items() if short not in existing
    ]
    for acronym in new:
        acronym.save()
    return len(new)


def acronym_term(acronym: str) -> str:
    """The term of the index that stands for an acronym; no text gives it."""
    return f"0{acronym}"


class Synonyms:
    """The list of acronyms, analyzed in one language."""

    def __init__(self, listed: Iterable[tuple[str, str]], language: str):
        self.language = language
        self.acronyms: dict[str, str] = {}  # as it is written, also in the plural -> acronym
        self.expansions: dict[str, list[Variant]] = defaultdict(list)  # acronym -> stems in order
        self._by_first_stem: dict[str, list[tuple[Variant, str]]] = defaultdict(list)
        for short, long in listed:
            acronym = "".join(forms(short, language))
            meanings = [
                tuple(stems(forms(meaning, language), language))
                for meaning in long.split(SEPARATOR)
            ]
            self.expansions[acronym] += [meaning for meaning in meanings if meaning]
            if acronym and self.expansions[acronym]:
                self.acronyms |= {acronym: acronym, f"{acronym}s": acronym}
        for acronym, expansions in self.expansions.items():
            for expansion in expansions:
                self._by_first_stem[expansion[0]].append((expansion, acronym))
        for pairs in self._by_first_stem.values():
            pairs.sort(key=lambda pair: -len(pair[0]))

    def expansions_at(self, text: list[str], start: int) -> Iterator[tuple[Variant, str]]:
        """The expansions that stand at `start` in a list of stems, each with its acronym; the
        longest first."""
        for expansion, acronym in self._by_first_stem.get(text[start], ()):
            if tuple(text[start : start + len(expansion)]) == expansion:
                yield expansion, acronym

    def index_terms(self, folded: list[str]) -> list[str]:
        """Folded words as the index stores them, with the terms of the acronyms they hold."""
        text = stems(folded, self.language)
        terms = list(text)
        for form in folded:
            if acronym := self.acronyms.get(form):
                terms.append(acronym_term(acronym))
                # A clipping is also the word that it cuts short.
                terms += [
                    meaning[0] for meaning in self.expansions[acronym][:1] if len(meaning) == 1
                ]
        for start in range(len(text)):
            terms += [acronym_term(acronym) for _, acronym in self.expansions_at(text, start)]
        return terms


def synonyms(language: str) -> Synonyms:
    """The list as it is now. One query."""
    return _analyzed(tuple(Acronym.objects.values_list("short", "long")), language)


@functools.lru_cache(maxsize=16)
def _analyzed(listed: tuple[tuple[str, str], ...], language: str) -> Synonyms:
    return Synonyms(listed, language)
