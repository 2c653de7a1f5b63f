"""Score how unlikely the non-ASCII characters of a text are in French, by their context."""

import functools
import re

USUAL = set("éèêëàâîïôûùüçœÉÈÊËÀÂÎÏÔÛÙÜÇŒ")
FOREIGN = set("äöñáíóúßåøãõìòæÿÄÖÑÁÍÓÚÅØÃÕÌÒÆŸ")
ALONE = set("àÀôÔÉÈéè")  # « à », « Ô », the initial « É. »
ODD = re.compile(r"[^\x00-\x7f]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
NONSENSE = 6.0
EDGE = " "  # what stands before the first sign and after the last


def costs(text: str) -> list[float]:
    """The costs of the different odd signs of `text`, each with its neighbours.

    A sign that French puts there costs nothing; a capital inside a word, or « ∞ », costs 6.
    """
    seen = set()
    for match in ODD.finditer(text):
        at = match.start()
        before = text[max(at - 2, 0) : at] or EDGE
        seen.add((before, match[0], text[at + 1 : at + 2] or EDGE))
    return [cost(*signs) for signs in seen]


@functools.lru_cache(maxsize=100_000)
def cost(before: str, sign: str, after: str) -> float:
    """How little `sign` is expected after one or two signs and before one: 6 is nonsense."""
    if sign in USUAL or sign in FOREIGN:
        return _letter(before, sign, after)
    before = before[-1]
    inside = before.isalpha() and after.isalpha()
    expected = {
        "’": inside,
        "«": not before.isalpha() and (after.isspace() or after.isalnum()),
        "»": not after.isalpha(),
        "\u00a0": not inside,
        "\u202f": not inside,
    }
    if sign in expected:
        return 0 if expected[sign] else 4 if sign in "«»" else 2
    return _sign(before, sign, after)


def _letter(before: str, sign: str, after: str) -> float:
    last = before[-1]
    odd = [
        (2, sign in FOREIGN),
        (NONSENSE, sign.isupper() and last.isalpha() and (last.islower() or after.islower())),
        (4, sign.islower() and last.isupper() and after.isupper()),
        (4, sign.islower() and len(before) == 2 and before.isalpha() and before.isupper()),
        (4, not any(s.isalpha() or s in "’'-" for s in (last, after)) and sign not in ALONE),
        (4, sign in "àÀ" and after.isalpha()),
        (1.5, sign in "âêîôëïùûüç" and not last.isalpha() and after.isalpha()),
        (4, last in USUAL | FOREIGN and last + sign not in {"éé", "ÉÉ"}),
        (3, after.isdigit() or (last.isdigit() and sign not in "èéÈÉ")),
    ]
    return sum(points for points, so in odd if so)


def _sign(before: str, sign: str, after: str) -> float:
    apart = not (before.isalpha() or after.isalpha())
    expected = {
        "“": not before.isalpha() and after.isalnum(),
        "”": not after.isalpha() and not before.isspace(),
        "‘": not before.isalpha() and after.isalpha(),
        "–": apart or (before.isalpha() and after.isspace()),
        "—": apart,
        "…": before.islower() and not after.isalpha(),
        "•": not before.isalpha(),
        "·": True,
        "€": before.isdigit() or before.isspace() or before in "kKM",
        "°": before.isdigit() or before in "nN ",
        "²": before.isalpha(),
        "³": before.isalpha(),
    }
    if sign in expected:
        return 1 if expected[sign] else 4
    if sign in "½¼¾×§©®™±µºª":
        return 3 if apart else 5
    return NONSENSE
