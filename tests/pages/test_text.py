"""Text that people give: what is dropped, what is kept."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.pages.text import clean_line, clean_text, unbreakable
from search.invisible import strip_invisible


@pytest.mark.parametrize(
    "character", ["\x00", "\x1f", "\x9f", "\ud800", "\ufffe", "\u202e", "\u2067"]
)
def test_clean_text_drops_what_breaks_feeds_and_reading(character):
    assert clean_text(f"a{character}b") == "ab"


def test_clean_text_keeps_lines_accents_and_emoji():
    assert clean_text("é\r\nœuf 🥕\tx ") == "é\nœuf 🥕\tx"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_however_its_program_wrote_it(end):
    assert clean_text(f"lait{end}œufs") == "lait\nœufs"
    assert clean_line(f"lait{end}œufs") == "lait œufs"


@pytest.mark.parametrize(
    "sign", [*"\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u3164\ufe0f\ufeff", "\U000e0041"]
)
def test_what_nobody_sees_cuts_no_word(sign):
    assert clean_text(f"agro{sign}foresterie{sign}") == "agroforesterie"
    assert clean_line(f"{sign}Ni{sign}na") == strip_invisible(f"Ni{sign}na") == "Nina"


@pytest.mark.parametrize(
    "seen",
    [
        *("👩\u200d🌾", "👩🏽\u200d🌾", "🏳\ufe0f\u200d🌈", "❤\ufe0f", "1\ufe0f\u20e3", "☎\ufe0e"),
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        *("می\u200cخواهم", "क्\u200dष", "ភាសា\u200bខ្មែរ"),
    ],
    ids=ascii,
)
def test_what_changes_the_picture_or_the_word_stays(seen):
    assert clean_text(f"Une {seen} ici") == clean_line(f"Une {seen} ici") == f"Une {seen} ici"


def test_a_name_of_blanks_is_no_name():
    assert clean_line("\u2800 \u3164\u200b") == ""


@given(st.text())
def test_clean_text_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)


def test_clean_text_composes_accents():
    assert clean_text("e\u0301") == "é"


def test_a_tower_of_accents_is_cut():
    """Python composes a run of accents in a time that grows with its square: 28 s for 200,000."""
    tower = "\u0301\u0316" * 100_000
    assert len(clean_text("e" + tower)) == 30
    assert clean_text("o\u0302\u0301") == "ố"


def test_clean_line_has_one_line():
    assert clean_line("Objet\r\nBcc: tous@example.org") == "Objet Bcc: tous@example.org"


@given(st.text())
def test_clean_text_always_fits_in_xml(text):
    ET.fromstring(f"<t>{clean_text(text).replace('&', '').replace('<', '')}</t>")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Combien ?", "Combien\u00a0?"),
        ("« oui » : non", "«\u00a0oui\u00a0»\u00a0: non"),
        ("14 830 €", "14\u00a0830\u00a0€"),
        ("en 2018 12 fermes", "en 2018 12 fermes"),
    ],
)
def test_unbreakable_keeps_punctuation_and_numbers_on_their_line(typed, kept):
    assert unbreakable(typed) == kept
