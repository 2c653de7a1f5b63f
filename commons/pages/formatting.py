"""What people type in a box, as HTML: a few signs format, everything else stays as it was typed.

`SIGNS`, the help below each box, names them; « • » and « ### » work too. It is no Markdown: people
write « 1998. », « + 20 % », « > 50 ha », « # 1 » or `nom_de_fichier`, and want to read it again.
Each line is read once, from left to right: the cost grows with the length and no faster.
"""

import re
import uuid
from html import escape
from urllib.parse import urlsplit

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commons.pages.text import clean_text, unbreakable

# Word joiners, dropped when it is pasted, keep lines from ending inside a sign.
SIGNS = format_lazy(
    _(
        "Vos lignes restent telles quelles. Pour mettre en forme : « ## Intertitre », "
        "« -{join} point de liste », « **gras** », « [texte]{join}(https://adresse) »."
    ),
    join="\u2060",
)
HEADING = re.compile(r"(##|###)[ \t\xa0]+(?=\S)")
# « - 20 % » and « - 5 °C » are numbers. The rest is what word processors put before an item.
BULLET = re.compile(
    r"^[ \t]*(?:-[ \t\xa0]+(?!\d[\d\s,.]*[%°€])|[•●▪◦‣∙·\uf0a7\uf0b7][ \t\xa0]*)(?=\S)"
)
INDENTED = re.compile(r"  |\t")  # goes on with the item above
_ADDRESS = r"[^\s()<>\"«»]+(?:\([^\s()<>\"«»]*\)[^\s()<>\"«»]*)*"
TOKEN = re.compile(
    rf"(?P<stars>\*{{2,}})"
    rf"|\[(?P<label>[^\[\]]{{0,299}}[^\[\]\s])\]\((?P<target>{_ADDRESS})\)"
    rf"|(?<![\w@./])(?P<bare>(?:https?://|www\.){_ADDRESS})",
    re.IGNORECASE,
)
STARS = re.compile(r"(?P<stars>\*{2,})")
LONGEST_ADDRESS = 2_000
WEB = re.compile(r"https?://", re.IGNORECASE)
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?")
SITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)
MAIL = re.compile(r"(?:mailto:)?([^@\s/:]+@[^@\s/:?]+\.\w+(?:\?\S*)?)", re.IGNORECASE)
PHONE = re.compile(r"tel:\+?[\d.-]+", re.IGNORECASE)
OURS = re.compile(r"/(?![/\\])")  # a page of this site


def html_from_text(typed: str) -> str:
    """Paragraphs, line breaks, headings, lists, bold and links of what was typed."""
    return unbreakable("\n".join(_html(*block) for block in _blocks(clean_text(typed))))


def blocks_from_text(typed: str) -> list[dict]:
    """The same as the raw value of a body."""
    return blocks_from_html(html_from_text(typed))


def blocks_from_html(html: str) -> list[dict]:
    """Clean HTML as the raw value of a body: a text block for each part that an h2 opens."""
    return [
        {"type": "text", "value": part.strip(), "id": str(uuid.uuid4())}
        for part in re.split(r"(?=<h2>)", html)
        if part.strip()
    ]


def _blocks(text: str) -> list[tuple[str, list[list[str]]]]:
    """The tag of each heading, list and paragraph, and its items: the lines of each, as typed."""
    found: list[tuple[str, list[list[str]]]] = []
    tag, after_blank = "", True
    for line in text.split("\n"):
        before = tag
        if not line.strip():
            after_blank = True
            continue
        if sign := HEADING.match(line):
            tag = f"h{len(sign[1])}"
        elif sign := BULLET.match(line):
            tag = "ul"
        elif before != "ul" or after_blank or not INDENTED.match(line):
            tag = "p"
        said = line[sign.end() if sign else 0 :].strip()
        if tag != before or tag.startswith("h") or (tag == "p" and after_blank):
            found.append((tag, [[said]]))
        elif sign:
            found[-1][1].append([said])
        else:
            found[-1][1][-1].append(said)
        after_blank = False
    return found


def _html(tag: str, items: list[list[str]]) -> str:
    shown = ["<br>".join(map(_inline, lines)) for lines in items]
    if tag == "ul":
        return "\n".join(["<ul>", *(f"<li>{item}</li>" for item in shown), "</ul>"])
    return f"<{tag}>{shown[0]}</{tag}>"


def _inline(line: str, signs: re.Pattern = TOKEN) -> str:
    """One line with its bold words and its links; a sign that makes nothing stays as typed."""
    pieces: list[str] = []
    at, opened = 0, 0  # where the text begins that is not read yet; the piece that opens bold words
    while sign := signs.search(line, at):
        pieces.append(escape(line[at : sign.start()], quote=False))
        at = sign.end()
        if sign["stars"]:
            before, after = line[sign.start() - 1 : sign.start()], line[at : at + 1]
            if opened and sign["stars"] == "**" and _ends_words(before):
                pieces[opened], opened = "<strong>", 0
                pieces.append("</strong>")
                continue
            if sign["stars"] == "**" and _begins_words(before, after):
                opened = len(pieces)
            pieces.append(sign["stars"])
        elif sign["bare"]:
            address = sign["bare"].rstrip("*.,;:!?…'’")
            at = sign.start() + len(address)
            pieces.append(_link(escape(address, quote=False), to=address, typed=address))
        else:
            label = _inline(sign["label"], STARS)
            pieces.append(_link(label, to=sign["target"], typed=sign[0]))
    return "".join(pieces) + escape(line[at:], quote=False)


def _begins_words(before: str, after: str) -> bool:
    """Whether stars between these two may open: « 2**3 », « prix** » and « (**) » may not."""
    return bool(after.strip()) and after not in ")].,;:!?»" and not before.isalnum()


def _ends_words(before: str) -> bool:
    return bool(before.strip()) and before not in "([«"


def _link(html: str, *, to: str, typed: str) -> str:
    """`html` as a link where the address `to` leads somewhere, else what was typed."""
    href = _href(to)
    return f'<a href="{escape(href)}">{html}</a>' if href else escape(typed, quote=False)


def _href(address: str) -> str:
    """A whole address from one as people write it; empty when it is none."""
    if len(address) > LONGEST_ADDRESS:
        return ""
    if mail := MAIL.fullmatch(address):
        return f"mailto:{mail[1]}"
    if PHONE.fullmatch(address) or OURS.match(address):
        return address
    href = f"https://{address}" if SITE.fullmatch(address) else address
    try:
        return href if WEB.match(href) and HOST.fullmatch(urlsplit(href).netloc) else ""
    except ValueError:  # « http://[ »
        return ""
