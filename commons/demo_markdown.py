"""The prose of the demo, written in Markdown by who writes the fixtures, as clean HTML.

What people type in a box is no Markdown: see `commons/pages/formatting.py`.
"""

import re

from markdown_it import MarkdownIt

from commons.pages.text import clean_html, clean_text, unbreakable

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
_markdown.disable(["image", "table", "fence", "code", "html_block", "html_inline"])


def html_from_markdown(markdown: str) -> str:
    """Markdown without pictures, tables, code or HTML, as clean HTML whose top heading is h2."""
    html = _markdown.render(clean_text(markdown))
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    return unbreakable(clean_html(re.sub(r"<(/?)h[456]>", r"<\1h3>", html))).strip()
