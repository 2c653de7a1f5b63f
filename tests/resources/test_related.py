"""Related pages are the visible ones that share the most precise terms."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.pages.related import related
from tests import factories

pytestmark = pytest.mark.usefixtures("site")
ANYONE = AnonymousUser()


@pytest.fixture
def theme():
    return factories.term("theme", "circuits-courts")


def test_related_puts_the_page_with_more_in_common_first(theme):
    channel = factories.term("channel", "drives")
    page = factories.article(terms=[theme, channel])
    near = factories.guide(terms=[theme])
    nearer = factories.question(terms=[theme, channel])
    assert [found.pk for found in related(page, user=ANYONE)] == [nearer.pk, near.pk]


def test_related_leaves_out_drafts_and_the_page_itself(theme):
    page = factories.article(terms=[theme])
    factories.article(terms=[theme], live=False)
    assert related(page, user=ANYONE) == []


def test_related_counts_a_country_in_common_for_nothing():
    france = factories.term("territory", "france")
    indre = factories.term("territory", "indre", parent=france)
    page = factories.article(terms=[indre])
    factories.article(terms=[france])
    local = factories.article(terms=[indre])
    assert [found.pk for found in related(page, user=ANYONE)] == [local.pk]


def test_related_carries_what_a_card_shows(theme):
    page = factories.article(terms=[theme])
    factories.case_study(terms=[theme], summary="Huit fermes.")
    (found,) = related(page, user=ANYONE)
    assert found.summary == "Huit fermes."


def test_related_compares_only_the_last_pages_of_a_term(theme, monkeypatch):
    monkeypatch.setattr("search.embedded.engine.COMPARED", 2)
    channel = factories.term("channel", "drives")
    page = factories.article(terms=[theme, channel])
    rare, _, *last = [
        factories.article(terms=terms) for terms in ([theme, channel], [theme], [theme], [theme])
    ]
    found = [near.pk for near in related(page, user=ANYONE)]
    assert found == [rare.pk, *(near.pk for near in reversed(last))]


def test_related_pages_of_one_region_are_near():
    france = factories.term("territory", "france")
    region = factories.term("territory", "centre", parent=france)
    indre, cher = [factories.term("territory", s, parent=region) for s in ("indre", "cher")]
    page, near = factories.article(terms=[indre]), factories.article(terms=[cher])
    assert [found.pk for found in related(page, user=ANYONE)] == [near.pk]


@pytest.mark.parametrize("number", [1, 3])
def test_related_costs_the_same_queries_for_any_number(theme, number, django_assert_num_queries):
    page = factories.article(terms=[theme])
    for _ in range(number):
        factories.guide(terms=[theme])
    related(page, user=ANYONE)
    # In a transaction nothing is remembered: the journal, the documents and the labels that search
    # knows, the restrictions, then the restrictions and the pages.
    with django_assert_num_queries(6):
        assert len(related(page, user=ANYONE)) == number
