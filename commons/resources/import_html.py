"""Convert imported cells that hold HTML to rich text or to plain text."""

import html
import re

import nh3

from commons.pages.text import clean_html, unbreakable

ATTRIBUTE = r"""\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)"""
VOID = re.compile(rf"<(?:br|hr|img)(?:{ATTRIBUTE})*\s*/?>", re.IGNORECASE)
OPENED = re.compile(rf"<([a-z][a-z0-9]*)(?:{ATTRIBUTE})*\s*>", re.IGNORECASE)
TAGS = {
    *("a", "abbr", "article", "aside", "audio", "b", "big", "blockquote", "body", "button"),
    *("center", "code", "dd", "div", "dl", "dt", "em", "figure", "font", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "i", "iframe", "label"),
    *("li", "main", "nav", "object", "ol", "p", "pre", "s", "script", "section", "small", "span"),
    *("strike", "strong", "style", "sub", "sup", "svg", "table", "tbody", "td", "th", "thead"),
    *("title", "tr", "u", "ul", "video"),
}
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d*);", re.IGNORECASE)
# What other editors write, as what ours knows: the text of two blocks never runs together.
BLOCKS = re.compile(
    r"<(/?)(?:address|article|aside|center|dd|div|dl|dt|figure|footer|header|main|nav|pre|"
    r"section|table|tbody|thead|tr)\b[^<>]*>",
    re.IGNORECASE,
)
CELLS = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
EMPTY = re.compile(r"<(p|h2|h3|li|ul|ol)>(?:\s|&nbsp;|<br>)*</\1>")
BLOCK = re.compile(r"<(?:p|h2|h3|ul|ol|blockquote)>")
LEADS_NOWHERE = re.compile(r"<a>(.*?)</a>", re.DOTALL)  # its address was none that we take
LINK = re.compile(
    r"""<a\b[^<>]*href\s*=\s*["']?(https?://[^\s"'<>]+)[^<>]*>(.*?)</a\s*>""",
    re.IGNORECASE | re.DOTALL,
)
# Pictures, films and frames, which no cell of ours shows.
SOURCE = re.compile(r"""<[a-z]+\b[^<>]*\bsrc\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)
NEW_LINE = re.compile(
    r"<(?:br|hr)\b[^<>]*>|</?(?:p|li|ul|ol|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE
)


def is_html(text: str) -> bool:
    """Whether `text` holds a tag that is closed, or a void one: « < 5 ha », « a <b » do not."""
    if VOID.search(text):
        return True
    names = {tag[1].lower() for tag in OPENED.finditer(text)} & TAGS
    return any(re.search(rf"</{name}\s*>", text, re.IGNORECASE) for name in names)


def readable(text: str) -> str:
    """`text` with its HTML entities decoded, twice if they were escaped twice; tags stay."""
    if is_html(text):
        return text
    for _time in range(2):
        if not ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def plain(text: str) -> str:
    """`text` without tags: blocks and breaks as lines, the addresses of links in parentheses."""
    text = readable(text)
    if not is_html(text):
        return text
    text = LINK.sub(
        lambda link: _link_text(link[2], link[1]), CELLS.sub(" ", BLOCKS.sub("\n", text))
    )
    text = NEW_LINE.sub("\n", text)
    bare = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
    lines = [" ".join(line.split()) for line in html.unescape(bare).split("\n")]
    return "\n".join(filter(None, lines))


def rich(text: str) -> str:
    """The HTML of a cell as our editor could have written it."""
    text = CELLS.sub(" ", BLOCKS.sub(r"<\1p>", text))
    text = re.sub(r"<(/?)h1\b[^<>]*>", r"<\1h2>", text, flags=re.IGNORECASE)
    text = re.sub(r"<(/?)h[4-6]\b[^<>]*>", r"<\1h3>", text, flags=re.IGNORECASE)
    cleaned = LEADS_NOWHERE.sub(r"\1", clean_html(text))
    while EMPTY.search(cleaned):
        cleaned = EMPTY.sub("", cleaned)
    if not BLOCK.search(cleaned):
        parts = [part.strip() for part in re.split(r"\n\s*\n", cleaned)]
        cleaned = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part)
    return unbreakable(cleaned).strip()


def sources(text: str) -> list[str]:
    """The addresses of the pictures and films in a cell."""
    return SOURCE.findall(text)


def _link_text(words: str, address: str) -> str:
    return words if address in words else f"{words} ({address})"
