"""What changed between two versions of a page: by field, then paragraph, sentence and word.

Sentences first, then words: a word is compared to those of its sentence, not to those of the page.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from rapidfuzz.distance import LCSseq
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import RichTextField
from wagtail.models import Comment, Page
from wagtail.rich_text import RichText

from commons.pages.dates import moment

# « 18 h 30 », « 85 000 » and « l’ » are one word each.
WORD = re.compile(
    r"\d+ ?h(?: ?\d\d)?\b|\d+(?:[\s\u00a0\u202f]\d{3})*(?:[.,]\d+)?|\w+['’]?|\s+|[^\w\s]"
)
SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\s\u00a0»)]*|\n+|$)")
# Neither a tag nor the words of a link are read twice, even where none is closed.
LINK = re.compile(r'<a (?=[^<>]*>)[^<>]*?href="([^"<>]*)"[^<>]*>((?:[^<]|<(?!/?a\b))*+)</a>')
END = re.compile(r"</(?:p|li|h[1-6]|blockquote|td|div)>|<br\s*/?>")
# Two texts longer than this together are shown one after the other, not word by word.
MAX_COMPARED_CHARACTERS = 5_000
PARAGRAPHS = 3_000
# Comparing costs the product of both lengths: beyond this, some milliseconds, all is said changed.
MOST_COMPARISONS = 1_000_000
# What Wagtail keeps for itself.
SHOWN_PAGE_FIELDS = {"title", "go_live_at", "expire_at"}
EXCLUDED_FIELDS = {"id", "sort_order", "locale", "translation_key", "content_object"}

SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Piece:
    """A part of a paragraph that stayed (`same`), went (`removed`) or came (`added`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    """A field whose text changed, and those of its paragraphs that did."""

    label: str
    paragraphs: list[list[Piece]]


def changes_between(before: Page, after: Page) -> list[FieldChange]:
    """The fields in which `after` differs from `before`, both given in their own type."""
    old, new = fields_of(before), fields_of(after)
    return [
        FieldChange(label, compare(old.get(label, ""), new.get(label, "")))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    ]


def fields_of(page: Page) -> dict[str, str]:
    """Each field of the page by its name on screen, as lines of plain text."""
    texts: dict[str, str] = {}
    inherited = {field.name for field in Page._meta.get_fields()} - SHOWN_PAGE_FIELDS
    for field in page._meta.fields:
        if field.name not in inherited and not field.name.endswith("_ptr"):
            texts[_label(field.verbose_name)] = "\n".join(_lines(_value(page, field)))
    for relation in get_all_child_relations(page):
        if relation.related_model is not Comment:
            rows = [_row(row) for row in getattr(page, relation.get_accessor_name()).all()]
            label = _label(relation.related_model._meta.verbose_name_plural)
            texts[label] = "\n".join(filter(None, [texts.get(label, ""), *rows]))
    return texts


def compare(before: str, after: str) -> list[list[Piece]]:
    """The paragraphs of `after` that changed, and those of `before` that are gone, in order."""
    old, new = before.splitlines()[:PARAGRAPHS], after.splitlines()[:PARAGRAPHS]
    paragraphs: list[list[Piece]] = []
    for tag, i, j, k, m in _opcodes(old, new):
        if tag == "delete":
            paragraphs += [[Piece(REMOVED, line)] for line in old[i:j]]
        elif tag == "insert":
            paragraphs += [[Piece(ADDED, line)] for line in new[k:m]]
        elif tag == "replace" and j - i == m - k:
            paragraphs += [_sentences(*pair) for pair in zip(old[i:j], new[k:m], strict=True)]
        elif tag == "replace":
            paragraphs.append(_sentences("\n".join(old[i:j]), "\n".join(new[k:m])))
    return paragraphs


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What difflib calls so: how `old` becomes `new`, in steps (tag, i, j, k, m).

    difflib itself takes minutes for « ![![![… »; rapidfuzz gives the same answer in C++.
    """
    ahead = _common(old, new)
    behind = _common(old[ahead:][::-1], new[ahead:][::-1])
    a, b = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    blocks = [(0, 0, ahead)]
    if a and b and len(a) * len(b) <= MOST_COMPARISONS:
        numbers: dict[str, int] = {}
        sequences = [[numbers.setdefault(unit, len(numbers)) for unit in units] for units in (a, b)]
        matching_blocks = LCSseq.editops(*sequences).as_matching_blocks()
        blocks += [(block.a + ahead, block.b + ahead, block.size) for block in matching_blocks]
    blocks += [(len(old) - behind, len(new) - behind, behind), (len(old), len(new), 0)]
    i = k = 0
    for at, to, size in blocks:
        if i < at or k < to:
            tag = "replace" if i < at and k < to else "delete" if i < at else "insert"
            yield tag, i, at, k, to
        if size:
            yield "equal", at, at + size, to, to + size
        i, k = at + size, to + size


def _common(one: list[str], other: list[str]) -> int:
    """How many units both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _sentences(before: str, after: str) -> list[Piece]:
    pieces: list[Piece] = []
    old, new = (list(filter(None, SENTENCE.findall(text))) for text in (before, after))
    for tag, i, j, k, m in _opcodes(old, new):
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal":
            pieces.append(Piece(SAME, gone))
        elif gone and come and len(gone) + len(come) < MAX_COMPARED_CHARACTERS:
            pieces += _words(gone, come)
        else:
            pieces += [Piece(REMOVED, gone)] * bool(gone) + [Piece(ADDED, come)] * bool(come)
    return pieces


def _words(before: str, after: str) -> list[Piece]:
    """Word by word; a lone short word between two changes belongs to the change."""
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    gone = come = ""

    def flush():
        pieces.extend(Piece(kind, text) for kind, text in ((REMOVED, gone), (ADDED, come)) if text)

    for tag, i, j, k, m in _opcodes(old, new):
        same = "".join(old[i:j])
        if tag == "equal" and (not (gone or come) or len(same.strip()) > 3 or j == len(old)):
            flush()
            gone = come = ""
            pieces.append(Piece(SAME, same))
        else:
            gone += same
            come += "".join(new[k:m])
    flush()
    return pieces


def _row(row: models.Model) -> str:
    """A row of a list, such as an author or a term, on one line."""
    parents = {field.name for field in row._meta.fields if isinstance(field, ParentalKey)}
    values = [
        _value(row, field)
        for field in row._meta.fields
        if field.name not in parents | EXCLUDED_FIELDS
    ]
    return ", ".join(line for value in values for line in _lines(value))


def _value(owner: models.Model, field: models.Field):
    """The value of a field, in the words of the screen where it has some."""
    if field.choices:
        return str(getattr(owner, f"get_{field.name}_display")())
    value = getattr(owner, field.name, None)
    return RichText(value) if isinstance(field, RichTextField) and value else value


def _lines(value) -> Iterator[str]:
    if value is None or value == "":
        return
    if isinstance(value, RichText):
        shown = LINK.sub(r"\2 (\1)", value.source)  # where a link leads is part of the text
        yield from _lines(strip_tags(END.sub("\n", shown)))
    elif isinstance(value, StructValue):
        for part in value.values():
            yield from _lines(part)
    elif isinstance(value, StreamValue | ListValue | list | tuple):
        for child in value:
            yield from _lines(child.value if isinstance(value, StreamValue) else child)
    elif isinstance(value, bool):
        yield _("oui") if value else _("non")
    elif isinstance(value, datetime.datetime):
        yield moment(value)
    elif isinstance(value, datetime.date):
        yield date_format(value, "j F Y")
    else:
        yield from (line.strip() for line in str(value).splitlines() if line.strip())


def _label(name) -> str:
    text = str(name)
    return text[:1].upper() + text[1:]
