"""Searches in vain from outside, by two at once and from everywhere: their table stays bounded."""

import itertools

import pytest
from django.test import Client

from commons.environment import caches
from search.models import Gap
from search.zero_result_queries import NEW_PER_DAY
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MOST, EACH = 30, 60
DOORS = ["/fr/recherche/", "/fr/se-documenter/", "/en/search/"]


@pytest.fixture(autouse=True)
def _site(transactional_db, monkeypatch):
    factories.site()
    factories.library()
    monkeypatch.setattr("search.zero_result_queries.MOST_KEPT", MOST)


def word(number: int) -> str:
    """Letters only, at no letter's distance from another's."""
    return "zx" + "".join("bcdfghjklm"[int(figure)] * 2 for figure in f"{number:04}")


def ask(start: int):
    """Searches of words that nobody asked, each from another network."""
    client = Client(raise_request_exception=False)

    def asking():
        for number in range(start, start + EACH):
            source = f"198.{number // 250}.{number % 250}.7"
            door = DOORS[number % 2]
            yield client.get(door, {"q": word(number)}, REMOTE_ADDR=source).status_code

    return lambda: list(asking())


def test_two_who_never_end_fill_no_table():
    statuses = at_once(ask(0), ask(EACH))
    assert [one for one in statuses if isinstance(one, Exception)] == []
    assert set(itertools.chain(*statuses)) == {200}
    # What two added at the same moment goes with the next.
    assert MOST <= Gap.objects.count() <= MOST + 1
    Client().get(DOORS[0], {"q": word(999)}, REMOTE_ADDR="203.0.113.9")
    assert Gap.objects.count() == MOST
    assert Gap.objects.filter(words=word(999)).exists()


def test_what_one_network_may_add_is_bounded_too(monkeypatch):
    monkeypatch.setattr("search.zero_result_queries.MOST_KEPT", 1_000)
    client = Client()

    def ask_from_one(start):
        return lambda: [client.get(DOORS[0], {"q": word(start + n)}) for n in range(EACH)]

    at_once(ask_from_one(0), ask_from_one(EACH))
    # Two at the same moment may count as one.
    assert NEW_PER_DAY <= Gap.objects.count() <= 2 * NEW_PER_DAY


def test_the_cache_that_remembers_networks_is_bounded():
    assert 0 < caches("")["default"]["OPTIONS"]["MAX_ENTRIES"] <= 100_000
