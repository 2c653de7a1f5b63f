"""What a page asks of the database, as a process that has answered before asks it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from commons.pages.cache_version import cached, shared_version
from commons.pages.covers import CARD, PAGE
from commons.pages.visibility import visible_pages
from commons.resources.case_study import CaseOrganisation, Inspiration, Lesson
from tests import factories
from tests.asking import settle

# Nothing is cached within a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_long_day")]


@pytest.fixture
def theme(library):
    return factories.term("theme", "magasin", "Magasin de producteurs")


def picture():
    """A picture that was shown before."""
    file = get_test_image_file()
    image = get_image_model().objects.create(title="Un marché", file=file)
    for spec in (*CARD, *PAGE):
        key = Filter(spec=spec).get_cache_key(image)
        image.renditions.create(
            filter_spec=spec, focal_point_key=key, file=image.file.name, width=9, height=9
        )
    return image


def asked(client, address, django_assert_max_num_queries, most: int) -> int:
    client.get(address)
    settle()
    client.get(address)
    with django_assert_max_num_queries(most) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("kind", "most"),
    [("article", 11), ("guide", 12), ("question", 11), ("external_resource", 11)],
)
def test_a_resource_costs_the_same_with_1_and_3_neighbours(
    theme, client, kind, most, django_assert_max_num_queries
):
    link = f'<a linktype="page" id="{factories.article().pk}">un lien</a>'
    body = factories.body("Un lien.")
    body[0]["value"] += f"<p>{link}</p>"
    fields = {"chapters": factories.chapters("Un")} if kind == "guide" else {"body": body}
    page = getattr(factories, kind)(terms=[theme], tags=["vente"], **fields)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            factories.article(terms=[theme])
        counts.append(asked(client, page.get_url(), django_assert_max_num_queries, most))
    assert counts[0] == counts[1]


def test_a_case_study_costs_the_same_with_a_family_of_1_and_3(
    theme, client, django_assert_max_num_queries
):
    page = factories.case_study(terms=[theme], tags=["vente"], cover=picture())
    counts = []
    for number in (1, 2):
        for _ in range(number):
            case = factories.case_study(terms=[theme], cover=picture())
            page.inspirations.add(Inspiration(source=case))
            heir = factories.case_study(inspirations=[Inspiration(source=page)])
        page.organisations.add(CaseOrganisation(name="Une ferme"))
        page.lessons.add(Lesson(kind="solution", text="Partager.", locale=page.locale))
        page.save_revision().publish()
        counts.append(asked(client, page.get_url(), django_assert_max_num_queries, 15))
    assert counts[0] == counts[1]
    text = client.get(page.get_url()).content.decode()
    assert case.get_url() in text
    assert heir.get_url() in text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite goes about a query")
@pytest.mark.parametrize(
    "kind", ["article", "guide", "question", "case_study", "external_resource", "generic_model"]
)
def test_no_query_of_a_resource_reads_every_page(theme, client, kind):
    page = getattr(factories, kind)(terms=[theme], tags=["vente"])
    factories.article(terms=[theme]).related_links.create(target=page)
    factories.case_study(terms=[theme])
    for _ in range(2):
        settle()
        client.get(page.get_url())
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page.get_url()).status_code == 200
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps = [step for *_, step in cursor.fetchall()]
        assert not any(step.startswith("SCAN wagtailcore_page") for step in steps), query["sql"]


def test_a_restriction_elsewhere_costs_a_page_nothing(theme, client, django_assert_max_num_queries):
    page, secret = factories.article(terms=[theme]), factories.article()
    before = asked(client, page.get_url(), django_assert_max_num_queries, 11)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    assert asked(client, page.get_url(), django_assert_max_num_queries, 11) == before
    assert client.get(secret.get_url()).status_code == 302


def test_an_alias_has_the_restrictions_of_its_source(library, client):
    source = factories.article()
    alias = source.create_alias(update_slug="copie")
    assert client.get(alias.get_url()).status_code == 200
    PageViewRestriction.objects.create(page=source, restriction_type="login")
    assert client.get(alias.get_url()).status_code == 302


def test_home_and_library_cost_the_same_with_1_and_3_resources(
    theme, client, django_assert_max_num_queries
):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            factories.question(terms=[theme], on_home=True)
        counts.append(
            (
                asked(client, "/fr/", django_assert_max_num_queries, 9),
                asked(client, "/fr/se-documenter/", django_assert_max_num_queries, 9),
            )
        )
    assert counts[0] == counts[1]


def test_what_is_cached_is_dropped_at_the_next_change(library):
    page = factories.article()
    assert page.pk in visible_pages(AnonymousUser()).values_list("pk", flat=True)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert page.pk not in visible_pages(AnonymousUser()).values_list("pk", flat=True)


def test_a_value_is_cached_for_one_version_unless_turned_off(library, settings):
    values = iter(range(10))
    assert [cached("a", lambda: next(values)) for _ in range(2)] == [0, 0]
    shared_version().renew()
    assert [cached("a", lambda: next(values)) for _ in range(2)] == [1, 1]
    settings.PAGE_CACHE_MB = 0
    assert cached("a", lambda: next(values)) == 2


def test_a_value_that_changes_while_it_is_made_is_not_cached(library):
    values = iter(range(10))

    def make():
        shared_version().renew()
        return next(values)

    assert [cached("a", make) for _ in range(2)] == [0, 1]


def test_nothing_is_cached_within_a_transaction(library):
    values = iter(range(10))
    with transaction.atomic():
        assert [cached("a", lambda: next(values)) for _ in range(2)] == [0, 1]


def test_a_link_inside_a_text_follows_the_page_that_moves(library, client):
    target = factories.article()
    text = [
        {"type": "text", "value": f'<p><a linktype="page" id="{target.pk}">là</a></p>', "id": "a"}
    ]
    page = factories.article(body=text)
    assert f'href="{target.url}"' in client.get(page.url).content.decode()
    target.slug = "ailleurs"
    target.save()
    assert 'href="/fr/se-documenter/ailleurs/"' in client.get(page.url).content.decode()


@pytest.mark.parametrize("address", ["/fr/se-documenter", "/fr//se-documenter/", "/fr/rien/"])
def test_addresses_that_are_no_page_answer_as_wagtail_does(library, client, address):
    assert client.get(address).status_code in {301, 404}


def test_a_draft_is_not_served(library, client):
    page = factories.article(live=False)
    assert client.get(f"/fr/se-documenter/{page.slug}/").status_code == 404
    assert Page.objects.filter(pk=page.pk, live=False).exists()
