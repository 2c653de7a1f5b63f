"""The team's guide, `docs/guide-equipe.md`, as HTML with anchors and a table of contents."""

import functools
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

GUIDE = settings.BASE_DIR / "docs" / "guide-equipe.md"
PICTURES = settings.BASE_DIR / "static"
STATIC = "../static/"  # so that pictures show on a forge too


@dataclass(frozen=True)
class Guide:
    """The guide as HTML, and its chapters: (anchor, title)."""

    html: str
    chapters: list[tuple[str, str]]


def team_guide() -> Guide:
    """The guide. Raises OSError where the file is missing or cannot be read."""
    return _read(GUIDE, GUIDE.stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Guide:
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    chapters = []
    for heading, text in pairwise(tokens):
        if heading.type == "heading_open":
            anchor = slugify(text.content)
            heading.attrSet("id", anchor)
            if heading.tag == "h2":
                chapters.append((anchor, text.content))
    for token in tokens:
        _adapt(token.children or [])
    body = [token for token in tokens if not _is_title(token, tokens)]
    return Guide(markdown.renderer.render(body, markdown.options, {}), chapters)


def _is_title(token: Token, tokens: list[Token]) -> bool:
    """Whether `token` belongs to the first heading, which the screen shows itself."""
    return token in tokens[:3] and tokens[0].tag == "h1"


def _keep_room(token: Token, picture: Path) -> None:
    """Say the size of a picture that comes late: a link to a chapter below it must not miss."""
    with suppress(OSError), Image.open(picture) as opened:
        token.attrSet("width", str(opened.width))
        token.attrSet("height", str(opened.height))


def _adapt(inline: list[Token]) -> None:
    """Pictures come from the static files; a file beside the guide has no address here."""
    for token in inline:
        source = str(token.attrGet("src") or "")
        if token.type == "image" and source.startswith(STATIC):
            name = source.removeprefix(STATIC)
            token.attrSet("src", static(name))
            _keep_room(token, PICTURES / name)
            token.attrSet("loading", "lazy")
        target = str(token.attrGet("href") or "")
        if token.type == "link_open" and not target.startswith(("http", "#", "/")):
            token.tag = "span"
            token.attrs = {}
            closing = next(t for t in inline[inline.index(token) :] if t.type == "link_close")
            closing.tag = "span"
