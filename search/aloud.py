"""Acronyms and clippings of the field, and what they stand for, in the words of the index.

A page says « CUMA » by the acronym, or by what it stands for, word after word: the index keeps one
mark for both. The same words scattered over a page do not make one.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator

from search.analyzer import forms, stems
from search.models import Acronym
from search.scope import Way

APART = ";"  # between several meanings


def mark(short: str) -> str:
    """The word of the index that stands for an acronym; no text gives it."""
    return f"0{short}"


class Aloud:
    """The list of acronyms, read in one language."""

    def __init__(self, listed: Iterable[tuple[str, str]], language: str):
        self.language = language
        self.shorts: dict[str, str] = {}  # as it is written, also in the plural -> acronym
        self.said: dict[str, list[Way]] = defaultdict(list)  # acronym -> ways to say it at length
        self._starting: dict[str, list[tuple[Way, str]]] = defaultdict(list)
        for written, long in listed:
            short = "".join(forms(written, language))
            ways = [tuple(stems(forms(said, language), language)) for said in long.split(APART)]
            self.said[short] += [way for way in ways if way]
            if short and self.said[short]:
                self.shorts |= {short: short, f"{short}s": short}
        for short, ways in self.said.items():
            for way in ways:
                self._starting[way[0]].append((way, short))
        for ways in self._starting.values():
            ways.sort(key=lambda pair: -len(pair[0]))

    def at(self, kept: list[str], place: int) -> Iterator[tuple[Way, str]]:
        """What is said at length from `place` on, and its acronym; the longest first."""
        for way, short in self._starting.get(kept[place], ()):
            if tuple(kept[place : place + len(way)]) == way:
                yield way, short

    def stems(self, written: list[str]) -> list[str]:
        """Folded words as the index stores them, with the marks of what they say."""
        kept = stems(written, self.language)
        found = list(kept)
        for form in written:
            if short := self.shorts.get(form):
                found.append(mark(short))
                # A clipping is also the word that it cuts short.
                found += [way[0] for way in self.said[short][:1] if len(way) == 1]
        for place in range(len(kept)):
            found += [mark(short) for _, short in self.at(kept, place)]
        return found


def aloud(language: str) -> Aloud:
    """The list as it is now. One query."""
    return _read(tuple(Acronym.objects.values_list("short", "long")), language)


@functools.lru_cache(maxsize=16)
def _read(listed: tuple[tuple[str, str], ...], language: str) -> Aloud:
    return Aloud(listed, language)
