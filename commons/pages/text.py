"""Text that people and files give us, made safe to store, index and feed."""

import re
import unicodedata
import uuid

import nh3
from markdown_it import MarkdownIt

# Control characters but tab and newlines, lone surrogates, and what XML 1.0 forbids.
ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
# The plain space before « : ; ? ! » », after an opening guillemet, inside and after a number.
SPACED = re.compile(r" (?=[:;?!»])|(?<=«) |(?<=\d) (?=\d{3}(?!\d)|[€%])")
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "b", "i", "strong", "em", "a", "br"}
SCHEMES = {"http", "https", "mailto", "tel"}

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
_markdown.disable(["image", "table", "fence", "code", "html_block", "html_inline"])


def clean_text(value: str) -> str:
    """`value`, composed and stripped, without what breaks XML, databases or reading direction."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", BIDI.sub("", ILLEGAL.sub("", value))).strip()


def clean_line(value: str) -> str:
    """`clean_text` on one line: what goes in a title, a name, a subject."""
    return " ".join(clean_text(value).split())


def clean_html(html: str) -> str:
    """`html` with only the tags that the editor of the admin could have made."""
    return nh3.clean(
        clean_text(html),
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href", "linktype", "id"}},
        url_schemes=SCHEMES,
        link_rel=None,
    )


def unbreakable(text: str) -> str:
    """`text` whose double punctuation can no longer start a line, as French typography wants."""
    return SPACED.sub("\u00a0", text)


def html_from_markdown(markdown: str) -> str:
    """Markdown without pictures, tables, code or HTML, as clean HTML whose top heading is h2."""
    html = _markdown.render(clean_text(markdown))
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    return unbreakable(clean_html(re.sub(r"<(/?)h[456]>", r"<\1h3>", html))).strip()


def blocks_from_markdown(markdown: str) -> list[dict]:
    """Markdown as the raw value of a body: a text block for each part that an h2 opens."""
    parts = re.split(r"(?=<h2>)", html_from_markdown(markdown))
    return [
        {"type": "text", "value": part.strip(), "id": str(uuid.uuid4())}
        for part in parts
        if part.strip()
    ]
