"""Runs of accents on one letter: to put them in order costs the square of their number."""

import re
import unicodedata

_SIGNS = "".join(map(chr, filter(lambda code: unicodedata.combining(chr(code)), range(0x1F000))))
# The standard lets a text have at most thirty in a row.
# https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
# Accents are no letters: this looks fast whether there may be some.
_UNSPOKEN = re.compile(r"\W{31}")
_TOO_MANY = re.compile(f"([{_SIGNS}]{{30}})[{_SIGNS}]+")


def strip_excess_accents(text: str) -> str:
    """`text` with at most thirty accents in a row: what is normalized must be this first."""
    if text.isascii() or not _UNSPOKEN.search(text):
        return text
    return _TOO_MANY.sub(r"\1", text)
