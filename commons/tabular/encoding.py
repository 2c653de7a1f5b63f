"""Decode a text file by detecting its encoding; refuse it when the encoding is not certain."""

import re
from typing import NamedTuple

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from commons.refused import Refused
from commons.tabular.french_letters import CONTROL, NONSENSE, USUAL, costs

# What French files come in, with the cost of a guess before the text is looked at.
LEGACY = {"cp1252": 0.0, "iso8859_15": 0.5, "mac_roman": 1.0, "cp850": 1.5}
BYTE_ORDER_MARKS = [
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]
MAX_MEAN_COST = 2.0  # a mean cost above this is no French text
MIN_COST_GAP = 2.0  # the second guess must cost this much more
SHOWN_CHARACTERS = 60  # characters of a line in a message
LINE_END = re.compile("\r\n|\r|\n")
LOST = re.compile("[\udc80-\udcff]")
# UTF-8 that somebody read as Windows and saved again: « Ã© », « â€™ ».
TWICE = re.compile("[ÂÃâ][^\x00-\x7f]")


class Decoded(NamedTuple):
    """The text, its encoding, and the lines to check by line number.

    Those lines needed another encoding, or hold unlikely letters.
    """

    text: str
    encoding: str
    doubtful: dict[int, str]


def decode(raw: bytes, *, encoding: str = "") -> Decoded:
    """`raw` as text; raises Refused when it is no text, or when its encoding is not sure."""
    if encoding:
        return Decoded(_decode_as(raw, encoding), encoding, {})
    for mark, name in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _checked(_strictly(raw[len(mark) :], name), name)
    if b"\x00" in raw:
        name = _wide(raw)
        text = _strictly(raw, name) if name else "\0"
        if CONTROL.search(text):
            raise Refused(_("Ce n’est pas un fichier de texte."))
        return _checked(text, name)
    try:
        return _checked(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _mixed(raw) or _legacy(raw)


def _decode_as(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(
            _("Le fichier n’est pas en %(encoding)s : voyez la ligne %(line)s.")
            % {"encoding": encoding, "line": line}
        ) from error
    except (LookupError, UnicodeError, ValueError) as error:
        raise Refused(_("Aucun encodage de texte ne s’appelle « %s ».") % encoding) from error


def _strictly(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(
            _("Le fichier se dit en %(encoding)s et s’y lit mal : voyez la ligne %(line)s.")
            % {"encoding": name, "line": line}
        ) from error


def _wide(raw: bytes) -> str:
    """The byte order of UTF-16 without a mark: every other byte of Latin letters is zero."""
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    half = max(1, len(raw) // 2)
    if odd > half / 2 and even < half / 20:
        return "utf-16-le"
    return "utf-16-be" if even > half / 2 and odd < half / 20 else ""


def _checked(text: str, name: str) -> Decoded:
    """The text of a sure encoding, with the lines read again that were encoded twice."""
    if "\x00" in text:
        raise Refused(_("Ce n’est pas un fichier de texte."))
    if not TWICE.search(text):
        return Decoded(text, name, {})
    lines, mended = re.split(f"({LINE_END.pattern})", text), {}
    for index in range(0, len(lines), 2):
        once = _once(lines[index])
        if once is not None:
            lines[index] = mended[index // 2 + 1] = once
    return Decoded("".join(lines), name, mended)


def _once(line: str) -> str | None:
    """The line that was encoded twice, as it was before; None when it was not."""
    if not TWICE.search(line):
        return None
    try:
        raw = b"".join(
            bytes([ord(sign)]) if 0x80 <= ord(sign) < 0xA0 else sign.encode("cp1252")
            for sign in line
        )
        return raw.decode("utf-8")
    except UnicodeError:
        return None


def _mixed(raw: bytes) -> Decoded | None:
    """UTF-8 with some odd bytes: each is read in the old encoding that fits all of them."""
    text = raw.decode("utf-8", "surrogateescape")
    good = sum(text.count(sign) for sign in (*USUAL, "’", "\u00a0"))
    if good * 4 < len(LOST.findall(text)):
        return None
    parts = re.split(f"({LINE_END.pattern})", text)
    odd = [index for index in range(0, len(parts), 2) if LOST.search(parts[index])]
    name = _surest({name: "\n".join(_relit(parts[i], name) for i in odd) for name in LEGACY})
    for index in odd:
        parts[index] = _relit(parts[index], name)
    mended = {index // 2 + 1: parts[index] for index in odd}
    return Decoded("".join(parts), f"utf-8 + {name}", mended)


def _relit(line: str, name: str) -> str:
    return LOST.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode(name, "replace"), line)


def _legacy(raw: bytes) -> Decoded:
    texts = {}
    for name in LEGACY:
        try:
            texts[name] = raw.decode(name)
        except UnicodeDecodeError:
            continue
    name = _surest(texts, raw)
    doubtful = {
        number: line
        for number, line in enumerate(LINE_END.split(texts[name]), start=1)
        if not line.isascii() and max(costs(line), default=0) >= NONSENSE
    }
    return Decoded(texts[name], name, doubtful)


def _surest(texts: dict[str, str], raw: bytes = b"") -> str:
    """The encoding that reads as French, and better than all others; raises Refused if none."""
    ranked = []
    for name, text in texts.items():
        if "\ufffd" in text or CONTROL.search(text):
            continue
        text_costs = costs(text)
        ranked.append(
            (sum(text_costs) + LEGACY[name], sum(text_costs) / max(len(text_costs), 1), name)
        )
    ranked.sort()
    if not ranked or ranked[0][1] > MAX_MEAN_COST:
        raise Refused(_unknown(raw))
    best = ranked[0][2]
    for total, _mean, other in ranked[1:]:
        if total - ranked[0][0] < MIN_COST_GAP and texts[other] != texts[best]:
            raise Refused(_unsure(best, other, texts))
    return best


def _unknown(raw: bytes) -> str:
    names = [match.encoding for match in from_bytes(raw[:200_000])][:3] if raw else []
    sentence = _("L’encodage du fichier n’est pas reconnu.")
    if names:
        sentence += " " + _("Peut-être : %s.") % ", ".join(names)
    return f"{sentence} " + _("Dites-le avec --encoding, ou enregistrez le fichier en UTF-8.")


def _unsure(best: str, other: str, texts: dict[str, str]) -> str:
    pairs = zip(texts[best].splitlines(), texts[other].splitlines(), strict=False)
    first, second = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
    return _(
        "L’encodage du fichier n’est pas sûr : « %(first)s » en %(best)s, « %(second)s » en "
        "%(other)s. Dites lequel avec --encoding, ou enregistrez le fichier en UTF-8."
    ) % {
        "first": first[:SHOWN_CHARACTERS],
        "best": best,
        "second": second[:SHOWN_CHARACTERS],
        "other": other,
    }
