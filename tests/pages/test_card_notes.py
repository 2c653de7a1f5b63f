"""What cards and search results say of a page that has a date: when, where, and whether."""

import datetime

import pytest
from django.utils import timezone

from commons.agenda import date_formats
from tests import factories
from tests.asking import settle

# Nothing is remembered within a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_long_day")]


@pytest.fixture
def theme(library):
    return factories.term("theme", "prix")


def dated(theme, **session):
    """An event about prices, and its session."""
    page = factories.event(title="Foire aux prix", terms=[theme])
    factories.session(page, commune="Crest", **session)
    return page


@pytest.mark.parametrize("list_", ["search", "near"])
def test_lists_say_when_where_and_that_it_is_called_off(client, theme, list_):
    starts = timezone.now() + datetime.timedelta(days=3)
    dated(theme, starts_at=starts, status="cancelled", status_note="pluie")
    addresses = {
        "search": "/fr/recherche/?q=foire",
        "near": factories.article(terms=[theme]).get_url(),
    }
    text = client.get(addresses[list_]).content.decode()
    assert date_formats.day(starts.astimezone()) in text
    assert "Crest" in text
    assert "Rendez-vous annulé : pluie" in text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("list_", ["search", "near"])
def test_a_list_costs_the_same_with_1_and_3_dates(
    client, theme, list_, django_assert_max_num_queries
):
    article = factories.article(terms=[theme])
    address = "/fr/recherche/?q=foire" if list_ == "search" else article.get_url()
    counts = []
    for number in (1, 2):
        for _ in range(number):
            dated(theme)
        client.get(address)
        settle()
        client.get(address)
        with django_assert_max_num_queries(20) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
