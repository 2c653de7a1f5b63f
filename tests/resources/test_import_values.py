"""Values as people write them are read when they are sure, and never invented."""

from decimal import Decimal

import pytest

from commons.resources import import_values as values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2009", (2009, None, True)),
        ("Mai 2015", (2015, 5, True)),
        ("Sept. 2021", (2021, 9, True)),
        ("Août 2012", (2012, 8, True)),
        ("2018-09", (2018, 9, True)),
        ("01/09/2018", (2018, 9, False)),
        ("1er juin 2011", (2011, 6, False)),
        ("2013, ouverture en 2016", (2013, None, False)),
        ("32/13/2018", (2018, None, False)),
        ("N/C", (None, None, False)),
        ("9" * 10_000, (None, None, False)),
    ],
)
def test_start(text, expected):
    assert values.start(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("38 000 €", (Decimal(38000), "EUR", True)),
        ("38\u202f000\u00a0€", (Decimal(38000), "EUR", True)),
        ("12 500 CHF", (Decimal(12500), "CHF", True)),
        ("96400", (Decimal(96400), "", True)),
        ("38.000,50 EUR", (Decimal("38000.50"), "EUR", True)),
        ("1,5 M€", (Decimal(1500000), "EUR", True)),
        ("10 000 € par an", (Decimal(10000), "EUR", False)),
        ("0,375 M€", (Decimal(375000), "EUR", True)),
        ("1,125 M€", (Decimal(1125000), "EUR", True)),
        ("2,345 k€", (Decimal(2345), "EUR", True)),
        ("0,75 M€", (Decimal(750000), "EUR", True)),
        ("0,001 M€", (Decimal(1000), "EUR", True)),
        ("1.125 M€", (Decimal(1125000), "EUR", True)),
        ("12,000 €", (None, "", False)),
        ("38.000 €", (Decimal(38000), "EUR", False)),
        ("1.234,56 €", (Decimal("1234.56"), "EUR", True)),
        ("1,234.56 €", (Decimal("1234.56"), "EUR", True)),
        ("12 000,00 EUR", (Decimal(12000), "EUR", True)),
        ("1'234.50 CHF", (Decimal("1234.50"), "CHF", True)),
        ("1,000,000 €", (Decimal(1000000), "EUR", True)),
        ("1.000.000 €", (Decimal(1000000), "EUR", True)),
        ("3 mille euros", (Decimal(3000), "EUR", True)),
        ("2 milliards d’euros", (Decimal(2000000000), "EUR", True)),
        ("15K€", (Decimal(15000), "EUR", True)),
        ("5,- €", (Decimal(5), "EUR", True)),
        ("€ 500", (Decimal(500), "EUR", True)),
        ("500 mensuels", (Decimal(500), "", False)),
        ("100 000 F", (Decimal(100000), "", False)),
        *[
            (text, (None, "", False))
            for text in ("12 34 €", "1 0000 €", "1.2.3", "1,2,3", "10-20 k€", "(500) €", "-500 €")
        ],
        *[(text, (None, "", False)) for text in ("½ M€", "50 %", "1e6", "NaN", "inf", "1_000")],
        ("entre 10 et 20 000 €", (None, "", False)),
        ("gratuit", (None, "", False)),
        ("9" * 50, (None, "", False)),
        ("1" * 100_000 + "x", (None, "", False)),
    ],
)
def test_budget(text, expected):
    assert values.budget(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", (8, True)),
        ("1 450", (1450, True)),
        ("env. 30", (30, False)),
        ("19 sociétaires", (19, False)),
        ("0,8", (None, False)),
        ("10-20", (None, False)),
        ("-5", (None, False)),
        ("N/C", (None, False)),
        ("12\u202f000", (12000, True)),
        ("1’234", (1234, True)),
        ("3 mille", (None, False)),
        ("10 k", (None, False)),
        ("2 millions de repas", (None, False)),
        ("30 membres", (30, False)),
        ("50 %", (None, False)),
        ("1e6", (None, False)),
        ("1.2.3", (None, False)),
        ("9" * 10, (None, False)),
    ],
)
def test_whole_number(text, expected):
    assert values.whole_number(text) == expected


def test_place_and_items():
    assert values.place("Saint-Aubin - 99100") == ("Saint-Aubin", "99100")
    assert values.place("1999 Montvallon") == ("Montvallon", "1999")
    assert values.items("A | N/C | B |  ") == ["A", "B"]
    assert values.strip_unknown("N/C") == values.strip_unknown(" - ") == ""
