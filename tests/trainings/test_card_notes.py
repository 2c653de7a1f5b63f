"""What search results and feeds say of a series: how many trainings, and the next date."""

import pytest
from wagtail.models import PageViewRestriction

from commons.agenda import date_formats
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
FOUND, FEED = "/fr/recherche/?q=cycle", "/fr/se-former/flux.xml"


@pytest.fixture
def trainings():
    found = [factories.training(title=f"Atelier {n}") for n in ("un", "deux", "trois")]
    factories.series(*found, title="Le cycle des prix")
    return found


@pytest.mark.parametrize("address", [FOUND, FEED])
def test_the_next_date_of_a_series_is_told(client, trainings, address):
    factories.session(trainings[0], in_days=3, status="cancelled")
    factories.session(trainings[1], in_days=9)
    soon = factories.session(trainings[2], in_days=5)
    text = client.get(address).content.decode()
    assert f"3 formations, la prochaine le {date_formats.day(soon.local_start)}" in text


@pytest.mark.parametrize("address", [FOUND, FEED])
@pytest.mark.parametrize("days", [None, -5])
def test_no_date_is_told_where_none_is_to_come(client, trainings, address, days):
    if days:
        factories.session(trainings[0], in_days=days)
    text = client.get(address).content.decode()
    assert "3 formations" in text
    assert "la prochaine" not in text


def test_nothing_is_told_of_trainings_that_one_may_not_see(client, trainings):
    factories.session(trainings[0], in_days=3)
    PageViewRestriction.objects.create(page=trainings[0], restriction_type="login")
    text = client.get(FOUND).content.decode()
    assert "2 formations" in text
    assert "la prochaine" not in text
