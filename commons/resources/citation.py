"""A resource's ready-made citation: plain text, BibTeX and RIS.

Formats: BibTeX as biblatex's `@online` entry (manual, § 2.1.1), RIS as the 2011 specification
(two letters, two spaces, hyphen, space; CR LF at the end of each line).
"""

import datetime
import re
from typing import NamedTuple

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from commons.pages.credits import authors
from commons.pages.text import clean_line
from commons.pages.untranslated import language_of

BABEL = {"fr": "french", "en": "english", "de": "german"}
# BibTeX counts every brace, also after a backslash: a lone one in a title would end its field.
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&%#_"},
}


class Citation(NamedTuple):
    text: str
    bibtex: str
    ris: str


class Facts(NamedTuple):
    """What the three formats say, each value on one line."""

    key: str
    authors: list[str]
    title: str
    date: datetime.datetime | None
    url: str
    licence: str
    language: str
    summary: str


def citation(page) -> Citation:
    """How to cite `page`, in its own language, in the three formats."""
    facts = Facts(
        key=re.sub(r"[^a-zA-Z0-9-]", "", page.slug) or f"page-{page.pk}",
        authors=authors(page),
        title=clean_line(page.title),
        date=page.last_published_at,
        url=page.full_url or "",
        licence=page.licence,
        language=language_of(page),
        summary=clean_line(page.summary),
    )
    with override(facts.language):
        return Citation(_text(facts), _bibtex(facts), _ris(facts))


def _text(facts: Facts) -> str:
    return _("{authors}. « {title} ». {site}{date}. {url}. Licence {licence}.").format(
        authors=", ".join(facts.authors),
        title=facts.title,
        site=settings.WAGTAIL_SITE_NAME,
        date=f", {date_format(facts.date, 'DATE_FORMAT')}" if facts.date else "",
        url=facts.url,
        licence=facts.licence,
    )


def _latex(value: str) -> str:
    return "".join(LATEX.get(sign, sign) for sign in value)


def _bibtex(facts: Facts) -> str:
    fields = {
        # Double braces keep an organisation's name from being cut into first and last names.
        "author": " and ".join(f"{{{_latex(name)}}}" for name in facts.authors),
        "title": f"{{{_latex(facts.title)}}}",
        "organization": _latex(settings.WAGTAIL_SITE_NAME),
        "date": f"{facts.date:%Y-%m-%d}" if facts.date else "",
        "url": facts.url.translate({ord(sign): None for sign in "{}\\ "}),
        "langid": BABEL.get(facts.language, facts.language),
        "abstract": _latex(facts.summary),
        "note": _latex(facts.licence),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{facts.key},", *lines, "}", ""])


def _ris(facts: Facts) -> str:
    pairs = [
        ("TY", "ELEC"),
        *(("AU", name) for name in facts.authors),
        ("TI", facts.title),
        ("PB", settings.WAGTAIL_SITE_NAME),
        ("PY", f"{facts.date:%Y}" if facts.date else ""),
        ("DA", f"{facts.date:%Y/%m/%d}" if facts.date else ""),
        ("UR", facts.url),
        ("LA", facts.language),
        ("AB", facts.summary),
        ("N1", facts.licence),
    ]
    return "\r\n".join([*(f"{tag}  - {value}" for tag, value in pairs if value), "ER  - ", ""])
