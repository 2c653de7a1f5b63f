"""The words found, marked in their sentence, for a page of results."""

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.models import Document, Text
from search.words import fold, stem

LONGEST = 240  # characters of a snippet
TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def snippets(page_ids: list[int], stems: Iterable[str]) -> dict[int, SafeString]:
    """Page -> its best sentence, as safe HTML with the words in <mark>. Two queries.

    None for a page that has the words in its title only.
    """
    stems = frozenset(stems)
    languages = dict(Document.objects.filter(pk__in=page_ids).values_list("pk", "language"))
    rows = Text.objects.filter(pk__in=page_ids).values_list("pk", "summary", "headings", "body")
    found = {}
    for pk, summary, headings, body in rows:
        language = languages.get(pk, "fr")
        marked = _best([summary], stems, language)
        if not marked:
            marked = _best(SENTENCE.split(f"{body}\n{headings}"), stems, language)
        if marked:
            found[pk] = marked
    return found


def _best(sentences: list[str], stems: frozenset[str], language: str) -> SafeString | str:
    """The sentence with most of the different words, the first among equals, marked."""
    starts = tuple({stem[:4] for stem in stems})
    best, most = [], 0
    sentence_of_best = ""
    for sentence in sentences:
        folded = fold(sentence)
        if not any(start in folded for start in starts):
            continue
        spans = _spans(sentence, stems, language)
        different = len({word for _, _, word in spans})
        if different > most:
            best, most, sentence_of_best = spans, different, sentence
    return _marked(sentence_of_best, best) if best else ""


def _spans(sentence: str, stems: frozenset[str], language: str) -> list[tuple[int, int, str]]:
    """(start, end, stem) of each word of `sentence` that was looked for."""
    found = []
    for match in TOKEN.finditer(sentence):
        word = fold(match[0])
        for form in (word.replace("-", ""), *word.split("-")):
            if (known := stem(form, language)) in stems:
                found.append((match.start(), match.end(), known))
                break
    return found


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
