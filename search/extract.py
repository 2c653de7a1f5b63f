"""What search reads in a page: its title, summary, headings and text, without any mark-up."""

import datetime
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Manager
from django.utils.translation import override
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import RichText

from search.config import Filing, type_name

# A heading ends where another begins: one that is never closed is not read to the end each time.
HEADING = re.compile(r"<h[2-4][^<>]*>((?:(?!<h[2-4]).)*?)</h[2-4]>", re.DOTALL)
BREAK = re.compile(r"</(?:p|li|h[1-6]|blockquote|td|div)>|<br\s*/?>")
TAG = re.compile(r"<[^<>]+>")
BLANK = re.compile(r"[ \t\r\f\v]+")


@dataclass
class Entry:
    """What the index keeps of a page, as people read it.

    `keywords` are words that lead to it without being in its text; `tags`, which stand among them,
    count as much as headings. `rank` and `expires` are those of its `Filing`.
    """

    page_id: int
    language: str
    kind: int
    path: str
    title: str
    summary: str = ""
    headings: str = ""
    body: str = ""
    keywords: str = ""
    tags: str = ""
    labels: list[str] = field(default_factory=list)
    published: int = 0
    reviewed: int = 0
    rank: int = 0
    expires: datetime.datetime | None = None


def entry(page: Page, language: str) -> Entry:
    """What the index keeps of `page`, given in its own type and in this language."""
    config = type(page).searched
    reader = _Reader()
    for name in config.body:
        reader.read_field(page, name)
    reviewed = getattr(page, config.reviewed) if config.reviewed else None
    filing = page.search_filing() if hasattr(page, "search_filing") else Filing()
    return Entry(
        page_id=page.pk,
        language=language,
        kind=page.content_type_id,
        path=page.path,
        title=page.title,
        summary=_line(str(getattr(page, config.summary) or "")) if config.summary else "",
        headings="\n".join(reader.headings),
        body="\n".join(reader.texts),
        keywords="\n".join([*filing.keywords, *filing.tags, _kind(page, language)]),
        tags="\n".join(filing.tags),
        labels=[*filing.labels, f"type:{type_name(type(page))}"],
        published=int(page.first_published_at.timestamp()) if page.first_published_at else 0,
        reviewed=_day(reviewed),
        rank=filing.rank,
        expires=filing.expires,
    )


def _kind(page: Page, language: str) -> str:
    """What the type of `page` is called: « guide logistique » looks for a guide."""
    with override(language):
        return str(page._meta.verbose_name)


def _day(day) -> int:
    """A day as a number; 0 when there is none."""
    if isinstance(day, str):
        day = datetime.date.fromisoformat(day)
    return day.toordinal() if day else 0


class _Reader:
    """Collects headings and texts from whatever a page is made of."""

    def __init__(self):
        self.headings: list[str] = []
        self.texts: list[str] = []

    def read_field(self, page: Page, name: str) -> None:
        name, _, children = name.partition(".")
        value = getattr(page, name)
        if isinstance(value, Manager):
            for row in value.all():
                values = [getattr(row, child) for child in children.split("+")]
                self.read(", ".join(filter(None, values)))
        elif isinstance(value, list):
            for line in value:
                self.read(line)
        elif isinstance(page._meta.get_field(name), RichTextField):
            self.read_html(value or "")
        else:
            self.read(value)

    def read(self, value) -> None:
        if isinstance(value, str):
            self.add(self.texts, value)
        elif isinstance(value, RichText):
            self.read_html(value.source)
        elif isinstance(value, StructValue):
            for name, part in value.items():
                if name == "title" and isinstance(part, str):
                    self.add(self.headings, part)
                else:
                    self.read(part)
        elif isinstance(value, StreamValue | ListValue):
            for child in value:
                self.read(child.value if isinstance(value, StreamValue) else child)

    def read_html(self, source: str) -> None:
        for heading in HEADING.findall(source):
            self.add(self.headings, _text(heading))
        self.add(self.texts, _text(source))

    def add(self, to: list[str], text: str) -> None:
        to.extend(line for line in _lines(text) if line)


def _lines(text: str) -> Iterator[str]:
    return (BLANK.sub(" ", line).strip() for line in text.split("\n"))


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(source: str) -> str:
    return html.unescape(TAG.sub(" " if "<td" in source else "", BREAK.sub("\n", source)))
