"""Parse imported cells as dates, amounts, numbers and lists; None when ambiguous."""

import datetime
import re
from decimal import Decimal
from typing import NamedTuple

from commons.resources.import_columns import fold

NOTHING = {
    "nc",
    "n c",
    "na",
    "n a",
    "nr",
    "neant",
    "inconnu",
    "non renseigne",
    "non communique",
}
MONTHS = ["jan", "fev feb", "mar", "avr apr", "mai may", "juin jun", "juil jul", "aou aug"]
MONTHS += ["sep", "oct", "nov", "dec"]
CURRENCIES = {"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP"}
CURRENCIES |= {code.lower(): code for code in ("CHF", "USD", "GBP", "HUF", "DZD", "CAD")}
SCALES = {"k": 10**3, "mille": 10**3, "millier": 10**3, "m": 10**6, "million": 10**6}
SCALES |= {"md": 10**9, "mrd": 10**9, "milliard": 10**9}
# A letter is a scale only before a currency or the end: « 500 mensuels » are 500.
SCALE = re.compile(
    r"(?:(k|md|mrd|m)s?(?=$|[\s€£$]|eur|chf|usd|gbp|cad|f\b|frs?\b|francs?\b)|(mille|millier|million|milliard)s?\b)\s*"
    r"(?:d['’]\s*|de\s+)?",
    re.IGNORECASE,
)
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
TIME = re.compile(r"[T ]\d{1,2}[:h]\d{2}.*$")
DAYS_OF_EXCEL = datetime.date(1899, 12, 30)
SERIAL = range(20_000, 60_000)  # 1954 to 2064


CENT = Decimal("0.01")


class Start(NamedTuple):
    year: int | None
    month: int | None
    exact: bool


class Budget(NamedTuple):
    amount: Decimal | None
    currency: str
    exact: bool


def strip_unknown(text: str) -> str:
    """`text`, or "" when it only means « unknown », such as « N/C » or « - »."""
    return "" if not text.strip(" -–—.?/_*…") or fold(text) in NOTHING else text.strip()


def items(text: str) -> list[str]:
    """The parts of a cell: separated by bars, or by new lines."""
    parts = [part.strip().strip(" -•").strip() for part in re.split(r"\||\n\s*[-•*]?", text)]
    return [part for part in parts if strip_unknown(part)]


def start(text: str) -> Start:
    """Year and month of « Mai 2015 », « 01/09/2018 », « 2018-09 », « 2013, ouverture en 2016 »."""
    plain = fold(TIME.sub("", re.sub(r"[.,]0$", "", text.strip())))
    if plain.isdigit() and len(plain) == 5 and int(plain) in SERIAL:
        day = DAYS_OF_EXCEL + datetime.timedelta(int(plain))
        return Start(day.year, day.month, False)
    years = re.findall(r"\b(1[89]\d\d|20\d\d)\b", plain)
    if not years:
        return Start(None, None, False)
    year = int(years[0])
    if re.fullmatch(r"\d{4}", plain):
        return Start(year, None, True)
    for pattern in (r"(?:\d{1,2} )?(\d{1,2}) \d{4}", r"\d{4} (\d{1,2})(?: \d{1,2})?"):
        match = re.fullmatch(pattern, plain)
        if match and 1 <= int(match[1]) <= 12:
            return Start(year, int(match[1]), plain.count(" ") == 1)
    named = re.fullmatch(r"(?:(\d{1,2}|1er) )?([a-z]{3,9}) \d{4}", plain)
    if named:
        for number, names in enumerate(MONTHS, start=1):
            if named[2].startswith(tuple(names.split())):
                return Start(year, number, named[1] is None)
    return Start(year, None, False)


def budget(text: str) -> Budget:
    """Sum and currency of « 38 000 € », « 12 500 CHF », « 96400 », « 1,125 M€ »; one sum only.

    `exact` is true when the cell holds nothing else and the figure has one possible reading.
    """
    plain = SPACES.sub(" ", text.strip())
    match = re.fullmatch(r"(\D*?)(\d[\d .,'’]*\d|\d)\s*([^\d]*)", plain)
    if len(plain) > 80 or not match or re.search(r"[-−–(]\s*$", match[1]):
        return Budget(None, "", False)
    before, digits, after = match[1], match[2], re.sub(r"^[.,][-–—]+", "", match[3])
    scale = SCALE.match(after)
    factor = SCALES[(scale[1] or scale[2]).lower()] if scale else 1
    after = after[scale.end() :] if scale else after
    words = [word for word in re.split(r"[\s.]+", f"{before} {after}".lower()) if word]
    codes = {CURRENCIES[word] for word in words if word in CURRENCIES}
    glued = re.match(r"[km][a-z]{1,3}\b", after, re.IGNORECASE)  # « 10 kDA »: of what?
    amount, sure = _decimal(digits, scaled=factor > 1)
    if amount is None or len(codes) > 1 or "%" in after or glued:
        return Budget(None, "", False)
    total = (amount * factor).quantize(CENT)
    if total >= 10**10:
        return Budget(None, "", False)
    sure = sure and total == amount * factor and not (scale and scale[0].strip() == "m")
    all_known = all(word in CURRENCIES for word in words)
    return Budget(total.normalize() + 0, next(iter(codes), ""), sure and all_known)


def _decimal(digits: str, *, scaled: bool) -> tuple[Decimal | None, bool]:
    """(number, sure) of digits with their signs; (None, False) when two readings are as likely.

    A comma is a decimal one for French; « 12,000 » alone may be English for twelve thousand.
    """
    plain = digits.replace(" ", "'").replace("’", "'")
    marks = re.sub(r"[\d']", "", plain)
    last = marks[-1:]
    whole, _mark, rest = plain.rpartition(last) if last else (plain, "", "")
    sure = True
    if len(marks) > 1 and len(set(marks)) == 1:  # 1.234.567
        whole, rest = plain, ""
    elif len(marks) == 1 and len(rest) == 3 and not scaled and whole != "0" and "'" not in whole:
        if last == "," and len(whole) <= 3:
            return None, False
        if last == "." and len(whole) <= 3:  # 38.000
            whole, rest, sure = plain, "", False
    groups = re.split(r"[.,']", whole)
    if "'" in rest or (len(groups) > 1 and any(len(group) != 3 for group in groups[1:])):
        return None, False
    if len(groups[0]) > 3 and len(groups) > 1:
        return None, False
    number = Decimal(f"{''.join(groups)}.{rest or 0}") if len(digits) <= 40 else None
    return number, sure and number is not None


def whole_number(text: str) -> tuple[int | None, bool]:
    """(number, exact) of « 8 », « env. 30 », « 19 sociétaires »; none for « 0,8 » or a range.

    Nor for « 3 mille » or « 10 k », of which the 3 or the 10 says nothing.
    """
    plain = re.sub(r"(?<=\d)[\s\u00a0\u2009\u202f'’](?=\d{3}\b)", "", text.strip())
    numbers = re.findall(r"\d+(?:[.,]\d+)?", plain)
    if (
        len(numbers) != 1
        or not numbers[0].isdigit()
        or len(numbers[0]) > 9
        or re.search("^[-−]|%", plain)
        or SCALE.match(plain.partition(numbers[0])[2].lstrip())
    ):
        return None, False
    return int(numbers[0]), plain == numbers[0]


def place(text: str) -> tuple[str, str]:
    """(commune, postcode) of « Saint-Aubin - 99100 », « 1999 Montvallon », « Valbrune 99200 »."""
    match = re.search(r"\b(?:[A-Z]{1,2}-)?(\d{4,5})\b", text)
    if not match:
        return text.strip(), ""
    return " ".join((text[: match.start()] + text[match.end() :]).strip(" -,()").split()), match[1]
