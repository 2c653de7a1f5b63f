"""What people write in a grid, read as dates, sums, numbers and lists; None when not sure."""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from commons.resources.import_files import fold

NOTHING = {
    "",
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
MONTHS = ["jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec"]
CURRENCIES = {"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "k€": "EUR"}
CURRENCIES |= {code.lower(): code for code in ("CHF", "USD", "GBP", "HUF", "DZD", "CAD")}


class Start(NamedTuple):
    year: int | None
    month: int | None
    exact: bool


class Budget(NamedTuple):
    amount: Decimal | None
    currency: str
    exact: bool


def said(text: str) -> str:
    """`text`, or nothing when it only says that it is not known."""
    return "" if not text.strip(" -–—.?/") or fold(text) in NOTHING else text.strip()


def items(text: str) -> list[str]:
    """The parts of a cell: separated by bars, or by new lines."""
    parts = re.split(r"\s*\|\s*|\s*\n\s*[-•*]?\s*", text)
    return [part.strip(" -•") for part in parts if said(part.strip(" -•"))]


def start(text: str) -> Start:
    """Year and month of « Mai 2015 », « 01/09/2018 », « 2018-09 », « 2013, ouverture en 2016 »."""
    plain = fold(text)
    years = re.findall(r"\b(1[89]\d\d|20\d\d)\b", plain)
    if not years:
        return Start(None, None, False)
    year = int(years[0])
    if re.fullmatch(r"\d{4}", plain):
        return Start(year, None, True)
    for pattern in (r"(?:\d{1,2} )?(\d{1,2}) \d{4}", r"\d{4} (\d{1,2})(?: \d{1,2})?"):
        found = re.fullmatch(pattern, plain)
        if found and 1 <= int(found[1]) <= 12:
            return Start(year, int(found[1]), " " not in plain.strip() or plain.count(" ") == 1)
    named = re.fullmatch(r"(?:(\d{1,2}|1er) )?([a-z]{3,9}) \d{4}", plain)
    if named:
        for number, month in enumerate(MONTHS, start=1):
            if named[2].startswith(month):
                return Start(year, number, named[1] is None)
    return Start(year, None, False)


def budget(text: str) -> Budget:
    """Sum and currency of « 38 000 € », « 12 500 CHF », « 96400 », « 1,5 M€ »; one sum only."""
    plain = re.sub(r"[\u00a0\u202f\s]+", " ", text.strip())
    if len(plain) > 80:
        return Budget(None, "", False)
    found = re.fullmatch(r"(\D*?)(\d[\d .,']*\d|\d)\s*(k|m|M)?\s*([^\d]*)", plain)
    if not found:
        return Budget(None, "", False)
    before, digits, scale, after = found.groups()
    words = [word for word in re.split(r"[\s.]+", f"{before} {after}".lower()) if word]
    codes = [CURRENCIES[word] for word in words if word in CURRENCIES]
    amount = _decimal(digits)
    if amount is None or len(set(codes)) > 1:
        return Budget(None, "", False)
    amount *= {"k": 1_000, "m": 1_000_000, "M": 1_000_000}.get(scale or "", 1)
    if amount >= 10**10:
        return Budget(None, "", False)
    return Budget(amount, codes[0] if codes else "", len(words) == len(codes))


def _decimal(digits: str) -> Decimal | None:
    plain = digits.replace(" ", "").replace("'", "")
    # The last sign is a decimal one only when one or two digits follow it.
    whole, _sign, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", plain).groups()
    try:
        return Decimal(f"{re.sub('[.,]', '', whole) or 0}.{cents or 0}")
    except InvalidOperation:
        return None


def whole_number(text: str) -> tuple[int | None, bool]:
    """(number, exact) of « 8 », « env. 30 », « 19 sociétaires »; none for « 0,8 » or a range."""
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)", "", text.strip())
    numbers = re.findall(r"\d+(?:[.,]\d+)?", plain)
    if len(numbers) != 1 or not numbers[0].isdigit() or len(numbers[0]) > 9 or "-" in plain[:1]:
        return None, False
    return int(numbers[0]), plain == numbers[0]


def place(text: str) -> tuple[str, str]:
    """(commune, postcode) of « Saint-Aubin - 99100 », « 1999 Montvallon », « Valbrune 99200 »."""
    found = re.search(r"\b(?:[A-Z]{1,2}-)?(\d{4,5})\b", text)
    if not found:
        return text.strip(), ""
    return " ".join((text[: found.start()] + text[found.end() :]).strip(" -,()").split()), found[1]
