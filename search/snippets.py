"""The words found, marked in their sentence, for a page of results."""

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analyzer import fold, meaningful, stem, unfolded
from search.degradation import or_else
from search.models import Document, Text
from search.scope import Way
from search.tokenizer import tokens

LONGEST = 240  # characters of a snippet
SENTENCE = re.compile(r"(?<=[.!?…])(?<!\W[A-Za-z]\.)\s+|\n+")  # « L. 411-1 » is one


class _Looked(NamedTuple):
    """What is marked: stems anywhere, and stems that stand one after the other."""

    stems: frozenset[str]
    phrases: tuple[Way, ...]

    @property
    def starts(self) -> tuple[str, ...]:
        """How a word that matters begins, folded; of a number or a code, its first sign: spaces
        and signs may come next."""
        looked = (*self.stems, *(way[0] for way in self.phrases))
        return tuple({stem[:4] if stem.isalpha() else stem[:1] for stem in looked})


def snippets(
    page_ids: list[int], stems: Iterable[str], phrases: Iterable[Way] = ()
) -> dict[int, SafeString]:
    """Page -> its best sentence, as safe HTML with the words in <mark>. Two queries.

    `phrases` are stems to mark where they stand one after the other. None for a page that has the
    words in its title only.
    """
    looked = _Looked(frozenset(stems), tuple(phrases))
    return or_else(lambda: _snippets(page_ids, looked), dict)


def _snippets(page_ids: list[int], looked: _Looked) -> dict[int, SafeString]:
    languages = dict(Document.objects.filter(pk__in=page_ids).values_list("pk", "language"))
    rows = Text.objects.filter(pk__in=page_ids).values_list("pk", "summary", "headings", "body")
    found = {}
    for pk, summary, headings, body in rows:
        language = languages.get(pk, "fr")
        marked = _best([summary], looked, language)
        if not marked:
            marked = _best(SENTENCE.split(f"{body}\n{headings}"), looked, language)
        if marked:
            found[pk] = marked
    return found


def _best(sentences: list[str], looked: _Looked, language: str) -> SafeString | str:
    """The sentence with most of the different words, the first among equals, marked."""
    starts, all_of_them = looked.starts, len(looked.stems) + len(looked.phrases)
    best, most = [], 0
    sentence_of_best = ""
    for sentence in sentences:
        folded = fold(sentence)
        if not any(start in folded for start in starts):
            continue
        spans = _spans(sentence, looked, language)
        different = len({word for _, _, word in spans})
        if different > most:
            best, most, sentence_of_best = spans, different, sentence
        if most == all_of_them:
            break
    return _marked(sentence_of_best, best) if best else ""


def _spans(sentence: str, looked: _Looked, language: str) -> list[tuple[int, int, str]]:
    """(start, end, stem) of each word of `sentence` that was looked for."""
    folded, places = _folded(sentence)
    found, read, before = [], [], (0, "")
    for token in tokens(folded, language):
        stems, says = _read(token.forms, language)
        start, end = places[token.start], places[token.end - 1] + 1
        whole = token.forms[0]
        if known := next((form for form in stems if form in looked.stems), ""):
            found.append((start, end, known))
        elif whole.isdigit() and before[1] + whole in looked.stems:  # « HVE 3 »
            found.append((before[0], end, before[1] + whole))
        before = (start, whole)
        if says:
            read.append((start, end, stems[0]))
    for phrase in looked.phrases:
        for at in range(len(read) - len(phrase) + 1):
            if tuple(one for _, _, one in read[at : at + len(phrase)]) == phrase:
                found.append((read[at][0], read[at + len(phrase) - 1][1], " ".join(phrase)))
    return _apart(found)


def _folded(sentence: str) -> tuple[str, list[int]]:
    """The folded sentence, and where each of its signs stands in `sentence`."""
    signs = [_fold(sign) for sign in unfolded(sentence)]
    places = [at for at, folded in enumerate(signs) for _ in folded]
    return "".join(signs), places


@functools.lru_cache(maxsize=2_000)
def _fold(sign: str) -> str:
    return fold(sign)


@functools.lru_cache(maxsize=20_000)
def _read(forms: tuple[str, ...], language: str) -> tuple[tuple[str, ...], bool]:
    """What a written word may be found by, the stem of the whole first; if it says something."""
    return (*(stem(form, language) for form in forms), *forms), meaningful(forms[0], language)


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The same in order, without those that begin inside another; of two that begin together the
    longer."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _marked(sentence: str, spans: list[tuple[int, int, str]]) -> SafeString:
    """`sentence`, cut around the first word found when it is long, escaped, with <mark>."""
    first, last = 0, len(sentence)
    if last > LONGEST:
        first = max(0, min(spans[0][0] - LONGEST // 3, last - LONGEST))
        first = sentence.find(" ", first) + 1 if first else 0
        last = min(last, first + LONGEST)
        if last < len(sentence):
            last = max(sentence.rfind(" ", first, last), spans[0][1])
    parts, at = [escape("… " if first else "")], first
    for start, end, _ in spans:
        if first <= start and end <= last:
            parts += [escape(sentence[at:start]), "<mark>", escape(sentence[start:end]), "</mark>"]
            at = end
    parts += [escape(sentence[at:last]), "…" if last < len(sentence) else ""]
    return mark_safe("".join(parts))  # noqa: S308 (each part was escaped)
