"""The search of the whole site shows visible pages of every kind, in the reader's language."""

import pytest
from django.contrib.auth.models import AnonymousUser

from commons.pages.finding import find, suggest
from commons.pages.models import PlainPage
from tests import factories

ANYONE = AnonymousUser()


def look(query, **options):
    options = {"kind": "", "number": 1, "language": "fr", "user": ANYONE, **options}
    return find(query, **options)


@pytest.fixture
def pages(library):
    factories.article(title="Casier partagé")
    factories.guide(title="Un casier pas à pas")
    factories.guide(title="Casier en brouillon", live=False)
    plain = PlainPage(title="Le casier du site", slug="casier", locale=library.locale)
    library.get_parent().add_child(instance=plain)


def test_search_counts_the_visible_pages_of_each_kind(pages):
    found = look("casier")
    assert [(kind.slug, kind.count) for kind in found.kinds] == [
        ("article", 1),
        ("guide", 1),
        ("plain_page", 1),
    ]
    assert found.total == found.results.paginator.count == 3


def test_search_keeps_one_kind_and_all_the_counts(pages):
    found = look("casier", kind="guide")
    assert [page.title for page in found.results.object_list] == ["Un casier pas à pas"]
    assert found.total == 3
    assert look("casier", kind="inconnu").results.paginator.count == 3


def test_search_speaks_the_language_of_the_reader(pages):
    assert look("casier", language="en").total == 0


def test_search_page_links_results_and_helps_without(client, pages):
    html = client.get("/fr/recherche/", {"q": "casier"}).content.decode()
    assert "3 pages" in html
    assert "Aucune page ne contient" in client.get("/fr/recherche/?q=xyz").content.decode()
    assert client.get("/fr/recherche/").status_code == 200


def test_suggestions_are_titles_with_addresses(client, pages):
    answer = client.get("/fr/recherche/suggestions/", {"q": "parta"}).json()
    (only,) = answer["suggestions"]
    assert only["title"] == "Casier partagé"
    assert only["url"].startswith("/fr/se-documenter/casier-partage")
    assert client.get("/fr/recherche/suggestions/?q=%ED%A0%80%22%00").json() == {"suggestions": []}
    assert suggest("brouillon", language="fr", user=ANYONE) == []
