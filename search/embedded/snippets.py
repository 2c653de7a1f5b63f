"""The sentence of a page that best matches a query, with its words marked."""

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analyzer import Variant, fold, mark_capitals, meaningful, stem
from search.degradation import with_fallback
from search.models import Document, Text
from search.tokenizer import tokens

LONGEST = 240  # characters of a snippet
SENTENCE = re.compile(r"(?<=[.!?…])(?<!\W[A-Za-z]\.)\s+|\n+")  # « L. 411-1 » is one


class _Highlights(NamedTuple):
    """What is marked: stems anywhere, and phrases, stems that stand one after the other."""

    stems: frozenset[str]
    phrases: tuple[Variant, ...]

    @property
    def starts(self) -> tuple[str, ...]:
        """How a word to mark begins, folded. Of a number or a code, its first character: spaces and
        signs may come next."""
        stems = (*self.stems, *(phrase[0] for phrase in self.phrases))
        return tuple({stem[:4] if stem.isalpha() else stem[:1] for stem in stems})


def snippets(
    page_ids: list[int], stems: Iterable[str], phrases: Iterable[Variant] = ()
) -> dict[int, SafeString]:
    """Page -> its best sentence, as safe HTML with the words in <mark>. Two queries.

    `phrases` are stems to mark where they stand one after the other. None for a page that has the
    words in its title only.
    """
    highlights = _Highlights(frozenset(stems), tuple(phrases))
    return with_fallback(lambda: _snippets(page_ids, highlights), dict)


def _snippets(page_ids: list[int], highlights: _Highlights) -> dict[int, SafeString]:
    languages = dict(Document.objects.filter(pk__in=page_ids).values_list("pk", "language"))
    rows = Text.objects.filter(pk__in=page_ids).values_list("pk", "summary", "headings", "body")
    result = {}
    for pk, summary, headings, body in rows:
        language = languages.get(pk, "fr")
        marked = _best([summary], highlights, language)
        if not marked:
            marked = _best(SENTENCE.split(f"{body}\n{headings}"), highlights, language)
        if marked:
            result[pk] = marked
    return result


def _best(sentences: list[str], highlights: _Highlights, language: str) -> SafeString | str:
    """The sentence with most of the different words, the first among equals, marked."""
    starts, total = highlights.starts, len(highlights.stems) + len(highlights.phrases)
    best, most = [], 0
    sentence_of_best = ""
    for sentence in sentences:
        folded = fold(sentence)
        if not any(start in folded for start in starts):
            continue
        spans = _spans(sentence, highlights, language)
        different = len({word for _, _, word in spans})
        if different > most:
            best, most, sentence_of_best = spans, different, sentence
        if most == total:
            break
    return _marked(sentence_of_best, best) if best else ""


def _spans(sentence: str, highlights: _Highlights, language: str) -> list[tuple[int, int, str]]:
    """(start, end, stem) of each word of `sentence` to mark."""
    folded, offsets = _folded(sentence)
    spans, meaningful_words, before = [], [], (0, "")
    for token in tokens(folded, language):
        stems, is_meaningful = _analyzed(token.forms, language)
        start, end = offsets[token.start], offsets[token.end - 1] + 1
        whole = token.forms[0]
        if match := next((form for form in stems if form in highlights.stems), ""):
            spans.append((start, end, match))
        elif whole.isdigit() and before[1] + whole in highlights.stems:  # « HVE 3 »
            spans.append((before[0], end, before[1] + whole))
        before = (start, whole)
        if is_meaningful:
            meaningful_words.append((start, end, stems[0]))
    for phrase in highlights.phrases:
        for at in range(len(meaningful_words) - len(phrase) + 1):
            words = meaningful_words[at : at + len(phrase)]
            if tuple(stem for _, _, stem in words) == phrase:
                spans.append((words[0][0], words[-1][1], " ".join(phrase)))
    return _without_overlaps(spans)


def _folded(sentence: str) -> tuple[str, list[int]]:
    """The folded sentence, and the offset of each of its characters in `sentence`."""
    characters = [_fold(character) for character in mark_capitals(sentence)]
    offsets = [at for at, folded in enumerate(characters) for _ in folded]
    return "".join(characters), offsets


@functools.lru_cache(maxsize=2_000)
def _fold(character: str) -> str:
    return fold(character)


@functools.lru_cache(maxsize=20_000)
def _analyzed(forms: tuple[str, ...], language: str) -> tuple[tuple[str, ...], bool]:
    """(the stems and forms that a word is found by, that of the whole first; whether it is no stop
    word)"""
    return (*(stem(form, language) for form in forms), *forms), meaningful(forms[0], language)


def _without_overlaps(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """`spans` in order, without those that begin inside another; of two that begin together, the
    longer one."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _marked(sentence: str, spans: list[tuple[int, int, str]]) -> SafeString:
    """`sentence`, cut around the first marked word when it is long, escaped, with <mark>."""
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
