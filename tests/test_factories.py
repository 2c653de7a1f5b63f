"""The ground that the other tests stand on."""

import threading

import pytest
from django.template import engines
from wagtail.models import Page

from tests import factories


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        factories.article,
        factories.guide,
        factories.case_study,
        factories.external_resource,
        factories.generic_model,
        factories.question,
    ],
)
def test_each_resource_is_published_under_the_library(site, make):
    theme = factories.term("theme", "amap")
    page = make(terms=[theme], tags=["panier"])
    assert page.live
    assert [row.term for row in page.classifications.all()] == [theme]
    assert [str(tag) for tag in page.tags.all()] == ["panier"]
    assert page.get_parent().slug == "se-documenter"


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_threads_share_one_database_and_migrated_rows_come_back(site, turn):
    assert Page.objects.filter(slug="fr").count() == 1
    titles = [f"Fil {number}" for number in range(5)]

    def make(title):
        from django.db import connection

        factories.article(title=title)
        connection.close()

    threads = [threading.Thread(target=make, args=[title]) for title in titles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        sorted(Page.objects.filter(title__startswith="Fil").values_list("title", flat=True))
        == titles
    )


@pytest.mark.parametrize(
    ("source", "expected"), [("{{ a|default:'b' }}", "b"), ("{% if a %}c{% endif %}d", "d")]
)
def test_template_of_others_may_leave_variables_undefined(source, expected):
    assert engines["django"].from_string(source).render({}) == expected
