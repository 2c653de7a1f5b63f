"""Cut a folded text into tokens with their offsets: elisions, inclusive writing, numbers, codes.

A word comes with what it is made of: « low-tech » is (« lowtech », « low », « tech »). A number or
a code is one word however it is spaced or signed: « L. 411-1 » and « L411-1 », « 10 000 » and
« 10000 », « 18 h 30 » and « 18h30 ». A letter takes the place of the sign inside it, since
databases index letters and digits only: v of a comma, t of a hyphen (« to »), d of a date.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from search.stop_words import BY_LANGUAGE

LONGEST_WORD = 40  # characters; what is longer is no word
MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
MONTH = {name: number for number, name in enumerate(MONTHS.split(), start=1)}
MONTH_NAMES = MONTHS.split()
OLDEST_SHORT_YEAR = 70  # « 69 » is 2069, « 70 » is 1970

# What is put behind the masculine; only « · » may stand before any letters.
_ENDING = (
    "(?:e|ne|t?rice|ice|euse|se|i?ere|le|ve|ive|te|fe|he|elle|i?enne|onne|esse|eresse|eure|ale)s?"
)
_LONG_ENDING = "(?:t?rice|euse|i?ere|i?enne|onne)s?"
_MASCULINE = "(?:t?eurs?|i?ers?)"
PART = re.compile(r"[^\W_]+")
RUN = re.compile(r"[^\W\d_]{2,}|\d+")  # letters or digits inside « hve3 »

# Most words are nothing else: to look at them first is twice as fast.
_PLAIN = {"plain": r"(?<!\w)(?<!\d )[a-z]{2,}+(?=[\s,;:!?)»]|\.\s|\Z)(?! ?[(/])"}
_NUMERO = {"numero": r"(?<!\w)n(?:°|os?\.?|\.) ?(?=\d)"}
_FRENCH_WORDS = {
    "elided": r"(?<!\w)(?:jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu|qu|[cdjlmnst])'(?=\w)",
    "today": r"(?<!\w)aujourd'hui(?!\w)",
    "percent": r"(?<=\d )pour ?cents?(?!\w)",
}
_INITIALS = {"initials": r"(?<!\w)(?:[a-z]\.){2,}(?:[a-z]\b)?"}
_DATES = {
    "date": r"(?<![\w/.-])(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)|(\d{4})-(\d\d)-(\d\d))"
    r"(?![\w/-]|\.\d)",
}
_FRENCH_NUMBERS = {
    "worded": rf"(?<![\w.,])(\d\d?)(?:er)? ({'|'.join(MONTH_NAMES)}) (\d{{4}})(?!\w)",
    "time": r"(?<![\w.,:])(?:(\d\d?)(?: ?h(?:eures?)? ?|:)([0-5]\d)(?![\d:])"
    r"|(\d{1,3}) ?h(?:eures?)?(?![a-z0-9]))",
    "span": r"(?<![\w.,-])(?<!\d )(\d{1,4}) a (\d{1,4})(?!\w|[.,]\d| \d{3}(?!\d))",
    "number": r"(?<!\w)(?<!\d[.,])(?:"
    r"([1-9]\d{0,2}(?:(?: \d{3}){1,5}|(?:'\d{3}){1,5}|(?:\.\d{3}){1,5}))(?!\d)(?:,(\d{1,3})(?!\d))?"
    r"|(\d++)[.,](\d{1,3})(?!\d))(?![.,]\d)",
    "ordinal": r"(?<!\w)(\d++)(?:ere?|re|nde?|i?eme|e)s?(?![a-z0-9])",
}
_OTHER_NUMBERS = {
    "number": r"(?<!\w)(?<!\d[.,])(?:([1-9]\d{0,2}(?:,\d{3}){1,5})(?!\d)(?:\.(\d{1,3})(?!\d))?"
    r"|(\d++)\.(\d{1,3})(?!\d))(?![.,]\d)",
}
_MEASURES = {
    "product": r"(?<!\w)\d++(?: ?[x×] ?\d++)+(?!\w)",
    "measured": r"(?<!\w)\d++(?=[a-z]{2,}(?!\d)|m[23](?!\w))",
    "lettered": r"(?<!\w)(\d++) ([dglmtvw])(?![\w'-])",
}
# Articles of law, formats, roads. Of « a » and « y », which are words, see `mark_capitals`.
_CODE = {
    "code": r"(?<![\w'])([b-xz](?:\. ?|[ _-])?\*? ?|[ay]_?)(\d++(?:-\d+)*+)(?![\w]|[.,]\d)",
}
_INCLUSIVE = {
    "inclusive": r"(?<!\w)([a-z]{2,}+(?:[-'][a-z]++)*?)(?:"
    rf"(?:[·.\-]({_MASCULINE})(?=[·.\-]))?(?:(?:·[a-z]{{1,8}})+|(?:[.\-_*](?:{_ENDING}|s)(?![a-z]))+)"
    r"|(?:'(?:t?rice|ice)s?)(?![a-z])"
    rf"|(?:/(?:{_ENDING}|s)(?![a-z]))+| ?/ ?{_LONG_ENDING}(?![a-z])"
    rf"| ?\((?:{_ENDING}|s|x)\)s?(?![a-z])"
    rf"|\(({_MASCULINE})[/·.\-]{_ENDING}\)s?(?![a-z])"
    r")"
}
_ANY = {"word": r"[^\W_]+(?:[-'/&][^\W_]+)*", "euro": "€"}


def _pattern(*, letters: dict[str, str], digits: dict[str, str]):
    """One pattern of all kinds, in order, and the number of the first group inside each.

    Kinds that begin with a letter or with a digit are only looked at where one stands: this is
    four times as fast. Numbers of groups inside a kind, written as if it stood alone, are moved.
    """
    branches, first, at = [], {}, 1
    for start, kinds in ((r"(?=[^\W\d_])", letters), (r"(?=\d)", digits), ("", _ANY)):
        parts = []
        for name, source in kinds.items():
            here = at
            moved = re.sub(r"\\([1-9])", lambda match: f"\\{int(match[1]) + here}", source)  # noqa: B023
            parts.append(f"(?P<{name}>{moved})")
            first[name] = at + 1
            at += 1 + re.compile(source).groups
        branches.append(f"{start}(?:{'|'.join(parts)})")
    return re.compile("|".join(branches)), first


FRENCH = _pattern(
    letters=_NUMERO | _PLAIN | _FRENCH_WORDS | _INITIALS | _CODE | _INCLUSIVE,
    digits=_DATES | _FRENCH_NUMBERS | _MEASURES,
)
OTHER = _pattern(letters=_PLAIN | _INITIALS | _CODE, digits=_DATES | _OTHER_NUMBERS | _MEASURES)


class Token(NamedTuple):
    """A word from `start` to `end` of the folded text: the whole, then its parts."""

    start: int
    end: int
    forms: tuple[str, ...]


def tokens(folded: str, language: str) -> Iterator[Token]:
    """The words of a text that `analyzer.mark_capitals` and `fold` went over, with offsets."""
    for match, forms in _matches(folded, language):
        for word in forms:
            yield Token(match.start(), match.end(), word)


def all_forms(folded: str, language: str) -> list[tuple[str, ...]]:
    """The same without their offsets, which is quicker for a long text."""
    return [word for _match, forms in _matches(folded, language) for word in forms]


def _matches(folded: str, language: str) -> Iterator[tuple[re.Match[str], list[tuple[str, ...]]]]:
    pattern, first = FRENCH if language == "fr" else OTHER
    for match in pattern.finditer(folded):
        kind = match.lastgroup
        if kind == "plain":
            yield match, [(match[0][:LONGEST_WORD],)]
        elif kind not in SILENT:
            yield match, READERS[kind](match[0], match.groups()[first[kind] - 1 :], language)


def _word(word: str, groups, language: str) -> list[tuple[str, ...]]:
    if word.isalnum():
        mixed = not word.isalpha() and not word.isdigit()
        return [(word[:LONGEST_WORD], *(_runs(word) if mixed else ()))]
    parts = PART.findall(word)
    whole = ("t" if all(part.isdigit() for part in parts) else "").join(parts)
    # « est-ce », « a-t-il » say no more together than apart.
    small = all(part in BY_LANGUAGE.get(language, ()) for part in parts)
    if len(whole) <= LONGEST_WORD and "/" not in word and not small:
        return [(whole, *parts)]
    return [(part[:LONGEST_WORD],) for part in parts]


def _runs(word: str) -> list[str]:
    """What « hve3 » is made of; a lone digit says something only beside a word."""
    runs = RUN.findall(word)
    spoken = any(not run.isdigit() for run in runs)
    return [run for run in runs if spoken or len(run) > 1]


def _initials(word: str, groups, language: str) -> list[tuple[str, ...]]:
    return [(word.replace(".", ""),)]


def _inclusive(word: str, groups, language: str) -> list[tuple[str, ...]]:
    """The first form is enough: producteur·rice·s, paysan-ne-s, agricult(eur/rice)s."""
    base, masculine, between = groups[:3]
    return _word(base + (masculine or between or ""), (), language)


def _date(word: str, groups, language: str) -> list[tuple[str, ...]]:
    day, _sign, month, year, *iso = groups[:7]
    if iso[0]:
        year, month, day = iso
    return _day(int(day), int(month), int(year)) or [(part,) for part in PART.findall(word)]


def _worded(word: str, groups, language: str) -> list[tuple[str, ...]]:
    day, month, year = groups[:3]
    return _day(int(day), MONTH[month], int(year)) or [(part,) for part in PART.findall(word)]


def _day(day: int, month: int, year: int) -> list[tuple[str, ...]]:
    """One day as a word, with the words that it is written in; nothing when there is none."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return []
    if year < 100:
        year += 1900 if year >= OLDEST_SHORT_YEAR else 2000
    return [(f"{year}d{month}d{day}", str(day), MONTH_NAMES[month - 1], str(year))]


def _time(word: str, groups, language: str) -> list[tuple[str, ...]]:
    hour, minute, alone = groups[:3]
    whole = f"{int(hour or alone)}h"
    return [(whole,)] if not minute or minute == "00" else [(f"{whole}{minute}", whole)]


def _span(word: str, groups, language: str) -> list[tuple[str, ...]]:
    return [(f"{groups[0]}t{groups[1]}", groups[0], groups[1])]


def _number(word: str, groups, language: str) -> list[tuple[str, ...]]:
    grouped, its_decimals, plain, decimals = groups[:4]
    whole = re.sub(r"\D", "", grouped or plain)
    decimals = (its_decimals or decimals or "").rstrip("0")
    return [((f"{whole}v{decimals}" if decimals else whole)[:LONGEST_WORD],)]


def _ordinal(word: str, groups, language: str) -> list[tuple[str, ...]]:
    return [(groups[0],)]


def _product(word: str, groups, language: str) -> list[tuple[str, ...]]:
    numbers = re.findall(r"\d+", word)
    return [("x".join(numbers)[:LONGEST_WORD], *(part for part in numbers if len(part) > 1))]


def _code(word: str, groups, language: str) -> list[tuple[str, ...]]:
    letter, digits = groups[:2]
    numbers = digits.split("-")
    whole = "t".join(numbers)
    parts = [whole, *numbers] if len(numbers) > 1 else numbers
    # « A4 » is no 4; « p. 4 » is.
    apart = len(letter) > 1 or len(numbers) > 1
    return [
        (
            (letter[0] + whole)[:LONGEST_WORD],
            *(part[:LONGEST_WORD] for part in parts if apart or len(part) > 1),
        )
    ]


def _measured(word: str, groups, language: str) -> list[tuple[str, ...]]:
    return [(word[:LONGEST_WORD],)]


def _lettered(word: str, groups, language: str) -> list[tuple[str, ...]]:
    return [((groups[0] + groups[1])[:LONGEST_WORD], groups[0][:LONGEST_WORD])]


SILENT = {"elided", "numero", "percent"}
READERS = {
    "today": lambda *_: [("aujourdhui",)],
    "euro": lambda *_: [("euro",)],
    "initials": _initials,
    "inclusive": _inclusive,
    "date": _date,
    "worded": _worded,
    "time": _time,
    "span": _span,
    "number": _number,
    "ordinal": _ordinal,
    "product": _product,
    "code": _code,
    "measured": _measured,
    "lettered": _lettered,
    "word": _word,
}
