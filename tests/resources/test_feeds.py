"""Feeds are well-formed whatever titles hold, and follow the filters."""

from xml.etree import ElementTree

import pytest
from django.db import connection

from commons.resources.models import Article
from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, address) -> list[str]:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.parametrize("address", ["/fr/se-documenter/flux.xml", "/fr/flux.xml"])
def test_feed_survives_characters_that_xml_forbids(client, library, address):
    page = factories.article(title="Titre")
    nul = "" if connection.vendor == "postgresql" else "\x00"  # which stores none
    Article.objects.filter(pk=page.pk).update(title="Ti\x0btre\ufffe &", summary=f"{nul}\x1f<b>")
    assert entries(client, address) == ["Ti tre &"]  # \x0b ends a line


def test_library_feed_takes_the_filters_of_the_page(client, library):
    factories.article(title="A", terms=[factories.term("theme", "courts")])
    factories.guide(title="B")
    factories.guide(title="C", live=False)
    assert entries(client, "/fr/se-documenter/flux.xml") == ["B", "A"]
    assert entries(client, "/fr/se-documenter/flux.xml?theme=courts") == ["A"]
    assert entries(client, "/fr/se-documenter/flux.xml?kind=guide&q=petit") == ["B"]


def test_feed_of_no_library_is_not_found(client, library):
    assert client.get("/fr/ailleurs/flux.xml").status_code == 404


def test_feed_costs_the_same_queries_at_1_and_3(client, library, django_assert_max_num_queries):
    def visit():
        with django_assert_max_num_queries(20) as queries:
            client.get("/fr/se-documenter/flux.xml")
        return len(queries)

    factories.article()
    visit()
    few = visit()
    factories.article()
    factories.article()
    assert visit() == few
