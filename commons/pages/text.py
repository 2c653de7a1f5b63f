"""Text that people and files give us, made safe to store, index and feed."""

import re
import unicodedata

import nh3

from search.accents import strip_excess_accents
from search.invisible import INVISIBLE, strip_invisible

# Every way to end a line; a word processor writes \x0b where one typed shift and enter.
LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and newlines, lone surrogates, and what XML 1.0 forbids.
ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
EMOJI = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
# Letters of scripts where a joiner, or its absence, changes the word: Persian, Hindi, Khmer…
JOINING = "[\u0620-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af]"
# What nobody sees, unless it makes one picture of several (a farmer, a flag) or another word.
UNSEEN = re.compile(
    f"(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|[#*0-9]\ufe0f\u20e3"
    f"|{EMOJI}[\ufe0e\ufe0f]?(?:\u200d{EMOJI}[\ufe0e\ufe0f]?)*"
    f"|(?<={JOINING})[\u200b-\u200d\u180b-\u180f](?={JOINING}))"
    f"|[{INVISIBLE}]"
)
# The plain space before « : ; ? ! » », after an opening guillemet, inside and after a number.
SPACED = re.compile(r" (?=[:;?!»])|(?<=«) |(?<=\d) (?=\d{3}(?!\d)|[€%])")
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "b", "i", "strong", "em", "a", "br"}
DEEPEST = 50  # tags inside one another
# Tags that stay open until they are closed; the next `li` or `p` closes the one before.
NESTED = re.compile(
    r"<(/?)(?!(?:area|br|d[dt]|hr|img|input|li|p|t[dhr]|wbr)\b)[a-z][^<>]*(?<!/)>", re.IGNORECASE
)
SCHEMES = {"http", "https", "mailto", "tel"}


def clean_text(value: str) -> str:
    """`clean_characters` without the spaces and lines around."""
    return clean_characters(value).strip()


def clean_characters(value: str) -> str:
    """`value`, composed, without what nobody sees or what breaks XML and databases."""
    value = ILLEGAL.sub("", LINE_END.sub("\n", value))
    if not value.isascii():
        value = strip_excess_accents(UNSEEN.sub(lambda kept: kept[1] or "", value))
        value = unicodedata.normalize("NFC", value)
    return value


def clean_line(value: str) -> str:
    """`clean_text` on one line: what goes in a title, a name, a subject."""
    # A blank of Braille is a letter for Python, and makes a name that nobody sees.
    return " ".join(clean_text(value.replace("\u2800", " ")).split())


def clean_email(value: str) -> str:
    """The address in what was typed or pasted, in lower case; checking it is left to the field.

    Only what nobody means goes: « Nina <nina@exemple.fr> », « mailto: », full-width letters, what
    a telephone puts after a dot. Two addresses that both exist are never made one.
    """
    value = clean_line(strip_invisible(value[:1000]))
    value = unicodedata.normalize("NFC", "".join(map(_narrow, value)))
    if value.endswith(">") and "<" in value:
        value = value[value.rindex("<") + 1 : -1]
    if value[:7].lower() == "mailto:":
        value = value[7:].partition("?")[0]
    value = re.sub(r" ?([@.]) ?", r"\1", value.strip("<> "))
    name, at, domain = value.strip(" ,;").rstrip(" .").rpartition("@")
    return f"{name}{at}{_readable(domain)}".lower()


def _narrow(sign: str) -> str:
    """The plain letters of `ａ`, `𝐚` and `ﬁ`; « ² » stays, a slip of the finger to be told."""
    if sign == "\u3002":  # the full stop of Chinese and Japanese, a dot in an address
        return "."
    kind = unicodedata.decomposition(sign).partition(" ")[0]
    plain = kind in {"<wide>", "<narrow>", "<compat>", "<font>"}
    return unicodedata.normalize("NFKC", sign) if plain else sign


def _readable(domain: str) -> str:
    """« xn--socit-esab.fr » as people write it: browsers send one or the other."""
    if "xn--" not in domain.lower():
        return domain
    try:
        written = domain.encode("ascii").decode("idna")
        return written if written.encode("idna").decode("ascii") == domain.lower() else domain
    except UnicodeError:
        return domain


def clean_html(html: str) -> str:
    """`html` with only the tags that the editor of the admin could have made.

    A link is a plain address: what comes from people or files names no page by its number.
    """
    return nh3.clean(
        _shallow(clean_text(html)),
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _shallow(html: str) -> str:
    """`html` without the tags that stand too deep: reading costs the length times the depth."""
    depth = 0

    def kept(tag: re.Match) -> str:
        nonlocal depth
        depth += not tag[1]
        stays = depth <= DEEPEST
        depth -= bool(tag[1]) and depth > 0
        return tag[0] if stays else " "

    return NESTED.sub(kept, html)


def unbreakable(text: str) -> str:
    """`text` whose double punctuation can no longer start a line, as French typography wants."""
    return SPACED.sub("\u00a0", text)
