"""What trainings ask of the database, as a process that has answered before asks it."""

import pytest

from tests import factories
from tests.asking import settle

# Nothing is remembered within a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_long_day")]


def asked(client, address, django_assert_max_num_queries, most: int) -> int:
    client.get(address)
    settle()
    client.get(address)
    with django_assert_max_num_queries(most) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def add(step, series) -> None:
    """One more training, session, person and series, each of its kind."""
    page = factories.training(terms=[step], kind="workshop")
    session = factories.session(page, in_days=3, replay=factories.article())
    factories.registration(session)
    factories.registration(factories.session(page, in_days=-3), state="waiting")
    row = series.steps.create(training=page, sort_order=9)
    factories.series(row.training)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/fr/se-former/", 18),
        ("/fr/se-former/?when=upcoming&kind=workshop&format=on_site&q=formation", 24),
        ("/fr/se-former/calendrier.ics", 12),
        ("/fr/se-former/flux.xml", 13),
        ("/fr/", 18),
        ("training", 24),
        ("series", 24),
        ("inscription", 20),
        ("guide", 22),
    ],
)
def test_an_address_costs_the_same_with_1_and_3(
    site, client, address, most, django_assert_max_num_queries
):
    theme = factories.term("theme", "prix")
    guide, page = factories.guide(terms=[theme]), factories.training(terms=[theme])
    series = factories.series(page, linked_guide=guide)
    places = {
        "training": page.get_url(),
        "series": series.get_url(),
        "inscription": f"{series.get_url()}inscription/",
        "guide": guide.get_url(),
    }
    counts = []
    for number in (1, 2):
        for _ in range(number):
            add(theme, series)
            factories.session(page, in_days=5)
        place = places.get(address, address)
        counts.append(asked(client, place, django_assert_max_num_queries, most))
    assert counts[0] == counts[1]


def test_a_member_s_pages_cost_the_same_with_1_and_3(site, client, django_assert_max_num_queries):
    member = factories.member()
    client.force_login(member)
    theme, page = factories.term("theme", "prix"), factories.training()
    series = factories.series(page)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            add(theme, series)
            session = factories.session(page, in_days=-1)
            factories.registration(session, member=member, attended=True)
            factories.registration(factories.session(page), member=member)
        counts.append(
            (
                asked(client, series.get_url(), django_assert_max_num_queries, 40),
                asked(client, "/fr/se-former/", django_assert_max_num_queries, 40),
                asked(client, "/compte/inscriptions/", django_assert_max_num_queries, 40),
            )
        )
    assert counts[0] == counts[1]
