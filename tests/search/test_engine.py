"""The engine finds words and never breaks on what is typed."""

import pytest
from wagtail.models import Page

from search.engine import LONGEST, clean, matching, suggestions, words
from tests import factories

HOSTILE = [
    "",
    "   ",
    '"',
    'a"b',
    "'",
    "\\",
    "%s %d %",
    "\x00",
    "a\x00b",
    "\ud800",
    "\x0b\ufffe",
    "*",
    "AND OR NOT NEAR",
    "title:x",
    "(((",
    "-",
    "^a",
    "{}",
    "a" * 100_000,
    "mot " * 25_000,
    '"' * 100_000,
    "\u202eabc",
    "<script>",
    "__",
]


def test_clean_cuts_and_drops_what_is_not_printable():
    assert clean("  a\x00b\n\ud800c ") == "a b c"
    assert len(clean("x" * 100_000)) == LONGEST


def test_words_drop_elided_articles_and_signs():
    assert words("l’accès à « l'alimentation » (2019)") == ["accès", "alimentation", "2019"]


def test_words_keep_a_single_letter_when_it_is_all():
    assert words("a") == ["a"]


@pytest.mark.parametrize("query", HOSTILE)
def test_search_holds_against_anything(site, query):
    assert matching(query, Page.objects.all()) == []
    assert suggestions(query, Page.objects.all()) == []


def test_search_puts_the_title_before_the_body(site):
    body = factories.article(title="Autre chose", body=factories.body("Une légumerie. " * 3))
    title = factories.article(title="La légumerie")
    assert matching("légumerie", Page.objects.all()) == [title.pk, body.pk]


def test_search_wants_every_word_then_any(site):
    both = factories.article(title="Casier réfrigéré")
    one = factories.article(title="Casier partagé")
    assert matching("casier réfrigéré", Page.objects.all()) == [both.pk]
    assert set(matching("casier inconnu", Page.objects.all())) == {both.pk, one.pk}


def test_search_finds_the_plural_from_the_singular_and_back(site):
    one = factories.article(title="Un panier de la ferme")
    many = factories.article(title="Des paniers pour la ville")
    assert set(matching("panier", Page.objects.all())) == {one.pk, many.pk}
    assert set(matching("paniers", Page.objects.all())) == {one.pk, many.pk}
    assert matching("paniers fermes", Page.objects.all()) == [one.pk]
    assert matching("ville panier", Page.objects.all()) == [many.pk]


def test_search_stays_inside_the_pages_given(site):
    page = factories.article(title="Casier")
    assert matching("casier", Page.objects.exclude(pk=page.pk)) == []


def test_search_accepts_pages_filtered_through_another_table(site):
    page = factories.article(title="Casier")
    pages = Page.objects.filter(locale__language_code="fr")
    assert matching("casier", pages) == suggestions("casi", pages) == [page.pk]


def test_suggestions_complete_the_last_word(site):
    page = factories.article(title="Distributeur automatique")
    assert suggestions("distri", Page.objects.all()) == [page.pk]
