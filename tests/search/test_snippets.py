"""The sentence that is shown of a page found, and the words marked in it."""

import pytest

from search.analyzer import stem
from search.embedded.snippets import snippets
from tests import factories

pytestmark = pytest.mark.usefixtures("library")


def snippet(word: str, **fields) -> str:
    page = factories.article(title="Sans rien", **fields)
    return str(snippets([page.pk], [stem(word, "fr")]).get(page.pk, ""))


def test_summary_is_shown_whole_whatever_its_lines():
    said = snippet("marche", summary="Une ligne.\nLe marché d’ici\nou d’ailleurs.")
    assert said == "Une ligne. Le <mark>marché</mark> d’ici ou d’ailleurs."


@pytest.mark.parametrize(
    "odd", ["œuf ﬁn", "\u2028", "\u0085", "İstanbul", "ﷺ", "🥕", "a\u0301\u0301"]
)
def test_sentence_is_found_among_odd_letters(odd):
    text = f"Du pain {odd}. Un {odd} marché {odd} paysan ! Fin {odd}."
    said = snippet("marche", summary="Rien.", body=factories.body(text))
    assert "<mark>marché</mark>" in said
    assert "pain" not in said


def test_first_of_the_best_sentences_is_shown():
    text = "Un marché là. Un panier ici. Un marché de paniers. Paniers et marché encore."
    page = factories.article(title="Sans rien", summary="Rien.", body=factories.body(text))
    looked = [stem(word, "fr") for word in ("marche", "panier")]
    said = "Un <mark>marché</mark> de <mark>paniers</mark>."
    assert snippets([page.pk], looked) == {page.pk: said}
