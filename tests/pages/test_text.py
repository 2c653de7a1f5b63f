"""Text that people give: what is dropped, what is kept."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.pages.text import (
    blocks_from_markdown,
    clean_line,
    clean_text,
    html_from_markdown,
    unbreakable,
)


@pytest.mark.parametrize(
    "character", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\u202e", "\u2067"]
)
def test_clean_text_drops_what_breaks_feeds_and_reading(character):
    assert clean_text(f"a{character}b") == "ab"


def test_clean_text_keeps_lines_accents_and_emoji():
    assert clean_text("é\r\nœuf 🥕\tx ") == "é\nœuf 🥕\tx"


def test_clean_text_composes_accents():
    assert clean_text("e\u0301") == "é"


def test_clean_line_has_one_line():
    assert clean_line("Objet\r\nBcc: tous@example.org") == "Objet Bcc: tous@example.org"


@given(st.text())
def test_clean_text_always_fits_in_xml(text):
    ET.fromstring(f"<t>{clean_text(text).replace('&', '').replace('<', '')}</t>")


def test_markdown_starts_at_the_second_level():
    assert html_from_markdown("# Un\n\n#### Quatre") == "<h2>Un</h2>\n<h3>Quatre</h3>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://espion.example/pixel.png)",
        '<a href="https://a.example" onclick="x()">a</a>',
        "<iframe src=//a.example></iframe>",
    ],
)
def test_markdown_lets_no_active_content_through(hostile):
    html = html_from_markdown(hostile)
    assert not any(
        tag in html for tag in ("<script", "<img", "<iframe", "<a onclick", 'href="java')
    )
    assert 'href="data' not in html


def test_markdown_keeps_links_lists_and_emphasis():
    html = html_from_markdown("- **a**\n- [b](https://b.example/)")
    assert html == (
        '<ul>\n<li><strong>a</strong></li>\n<li><a href="https://b.example/">b</a></li>\n</ul>'
    )


def test_blocks_open_at_each_heading():
    blocks = blocks_from_markdown("Avant.\n\n## Un\n\nx\n\n## Deux\n\ny")
    assert [block["value"].split("</")[0] for block in blocks] == [
        "<p>Avant.",
        "<h2>Un",
        "<h2>Deux",
    ]
    assert len({block["id"] for block in blocks}) == 3


def test_blocks_of_nothing():
    assert blocks_from_markdown("  \n ") == []


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
