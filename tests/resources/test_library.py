"""The library finds, filters, counts and sorts, and no address breaks it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from wagtail.models import PageViewRestriction

from commons.pages.browsing import browse
from commons.resources.listing import LIBRARY
from tests import factories
from tests.search.hostile import HOSTILE

ADDRESS = "/fr/se-documenter/"
ANYONE = AnonymousUser()


@pytest.fixture
def terms(site):
    france = factories.term("territory", "france", "France")
    centre = factories.term("territory", "centre", "Centre", parent=france)
    return {
        "courts": factories.term("theme", "circuits-courts", "Circuits courts"),
        "urbaine": factories.term("theme", "agriculture-urbaine", "Agriculture urbaine"),
        "idee": factories.term("stage", "idee", "Idée", sort_order=1),
        "etude": factories.term("stage", "etude", "Étude", sort_order=2),
        "france": france,
        "centre": centre,
        "indre": factories.term("territory", "indre", "Indre", parent=centre),
    }


def look(address: str = "", user=ANYONE) -> dict:
    return browse(factories.library(), LIBRARY, QueryDict(address), user=user)


def titles(address: str = "") -> list[str]:
    return [page.title for page in look(address)["results"].object_list]


def counts(address: str, facet: str) -> dict[str, int]:
    shown = {f.name: f for f in look(address)["facets"]}
    return {value.slug: value.count for value in shown[facet].values} if facet in shown else {}


def test_library_shows_visible_resources_last_published_first(library):
    factories.article(title="A")
    factories.guide(title="B")
    factories.article(title="Brouillon", live=False)
    hidden = factories.article(title="Réservé")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    assert titles() == ["B", "A"]


def test_values_of_one_facet_add_and_facets_cross(terms):
    factories.article(title="A", terms=[terms["courts"], terms["idee"]])
    factories.article(title="B", terms=[terms["urbaine"], terms["idee"]])
    factories.article(title="C", terms=[terms["urbaine"], terms["etude"]])
    assert titles("theme=circuits-courts&theme=agriculture-urbaine") == ["C", "B", "A"]
    assert titles("theme=agriculture-urbaine&stage=idee") == ["B"]


def test_a_facet_is_counted_under_the_filters_of_the_others(terms):
    factories.article(terms=[terms["courts"], terms["idee"]])
    factories.article(terms=[terms["urbaine"], terms["idee"]])
    factories.guide(terms=[terms["urbaine"], terms["etude"]])
    address = "theme=agriculture-urbaine&stage=idee"
    assert counts(address, "theme") == {"agriculture-urbaine": 1, "circuits-courts": 1}
    assert counts(address, "stage") == {"idee": 1, "etude": 1}
    assert counts(address, "kind") == {"article": 1}
    assert counts("kind=guide", "kind") == {"article": 2, "guide": 1}
    assert counts("kind=guide", "stage") == {"etude": 1}


def test_counts_follow_the_words_sought(terms):
    factories.article(title="Casier", terms=[terms["courts"]])
    factories.article(title="Panier", terms=[terms["courts"], terms["urbaine"]])
    assert counts("q=casier", "theme") == {"circuits-courts": 1}


def test_origin_separates_external_resources_from_our_own(library):
    factories.external_resource(title="Ailleurs")
    factories.article(title="Ici")
    assert titles("origin=externe") == ["Ailleurs"]
    assert titles("origin=commun") == ["Ici"]
    assert titles("origin=commun&origin=externe") == ["Ici", "Ailleurs"]
    assert counts("origin=commun&kind=article", "origin") == {"commun": 1}
    assert counts("origin=commun", "origin") == {"commun": 1, "externe": 1}


def test_tags_filter_and_are_counted(library):
    factories.article(title="A", tags=["Légumes secs"])
    factories.article(title="B", tags=["Légumes secs", "Fruits"])
    assert counts("", "tag") == {"legumes-secs": 2, "fruits": 1}
    assert titles("tag=fruits") == ["B"]
    assert look("tag=fruits")["in_use"][0]["name"] == "Fruits"


def test_territories_stand_under_their_parents_with_their_depth(terms):
    suisse = factories.term("territory", "suisse", "Suisse")
    factories.article(terms=[terms["indre"]])
    factories.article(terms=[terms["centre"]])
    factories.article(terms=[suisse])
    (facet,) = [f for f in look()["facets"] if f.name == "territory"]
    assert [(v.slug, v.depth, v.count) for v in facet.values] == [
        ("france", 0, 2),
        ("centre", 1, 2),
        ("indre", 2, 1),
        ("suisse", 0, 1),
    ]


def test_a_facet_shows_its_most_frequent_values_and_all_on_demand(site):
    for number in range(8):
        factories.article(terms=[factories.term("theme", f"theme-{number}")])
    (facet,) = [f for f in look("theme=theme-0")["facets"] if f.name == "theme"]
    assert len(facet.values) == 5
    assert facet.hidden == 3
    assert facet.values[0].slug == "theme-0" or "theme-0" in [v.slug for v in facet.values]
    assert len(counts("all=theme", "theme")) == 8


def test_words_typed_in_the_box_are_answered_by_relevance(library, client):
    factories.article(title="La légumerie")
    factories.article(title="Autre", body=factories.body("Une légumerie."))
    # The form of the list without words, as a browser sends it.
    html = client.get(ADDRESS).content.decode()
    assert '<option value="" selected>Plus récentes</option>' in html
    assert titles("q=l%C3%A9gumerie&sort=") == ["La légumerie", "Autre"]
    html = client.get(ADDRESS + "?q=l%C3%A9gumerie&sort=").content.decode()
    assert '<option value="" selected>Pertinence</option>' in html
    # What was chosen stays, and no sentence says otherwise.
    assert titles("q=l%C3%A9gumerie&sort=recent") == ["Autre", "La légumerie"]
    html = client.get(ADDRESS + "?q=l%C3%A9gumerie+zzyzx&sort=recent").content.decode()
    assert '<option value="recent" selected>' in html
    assert "sont en tête" not in html
    assert "Certaines pages ne contiennent pas tous vos mots : elles viennent en dernier." in html
    assert "sont en tête" in client.get(ADDRESS + "?q=l%C3%A9gumerie+zzyzx").content.decode()


def test_all_values_of_a_facet_are_asked_by_the_form_itself(site, client):
    for number in range(8):
        factories.article(terms=[factories.term("theme", f"theme-{number}")])
    html = client.get(ADDRESS).content.decode()
    button = re.search(r'<button type="submit"[^>]*name="all"[^>]*>', html)[0]
    assert 'value="theme"' in button
    assert "?all=" not in html
    html = client.get(
        ADDRESS + "?q=&theme=theme-6&theme=theme-7&sort=title&all=theme"
    ).content.decode()
    assert html.count('name="theme"') == 8
    assert re.search(r'value="theme-7"\s+checked', html)
    assert '<option value="title" selected>' in html


def test_facets_and_values_stand_by_how_much_they_help(terms):
    everywhere = factories.term("audience", "producteur", "Producteur")
    for number in range(10):
        factories.article(
            terms=[
                everywhere,
                terms["courts"] if number < 9 else terms["urbaine"],
                terms["idee"] if number < 5 else terms["etude"],
            ]
        )
    shown = look()["facets"]
    assert [f.name for f in shown] == ["stage", "theme", "kind", "audience", "origin"]
    assert [f.open for f in shown] == [True, True, False, False, False]
    shown = look("audience=producteur")["facets"]
    assert [f.name for f in shown][:3] == ["audience", "stage", "theme"]
    assert shown[0].open


def test_values_stand_by_the_numbers_beside_them(site):
    slugs = ("most", "half", "few", "one")
    terms = dict(zip(slugs, (factories.term("theme", slug, slug) for slug in slugs), strict=True))
    for number in range(8):
        held = {"most": 7, "half": 4, "few": 2, "one": 1}
        factories.article(terms=[terms[slug] for slug in slugs if number < held[slug]])
    assert counts("", "theme") == {"most": 7, "half": 4, "few": 2, "one": 1}
    assert list(counts("", "theme")) == ["most", "half", "few", "one"]
    assert list(counts("theme=few", "theme")) == ["few", "most", "half", "one"]


def test_a_value_that_all_have_stands_last_unless_it_is_chosen(site):
    all_, half, few = (factories.term("theme", slug, slug) for slug in ("all", "half", "few"))
    for number in range(8):
        factories.article(
            terms=[all_, *([half] if number < 4 else []), *([few] if number < 1 else [])]
        )
    assert list(counts("", "theme")) == ["half", "few", "all"]
    assert list(counts("theme=all", "theme")) == ["all", "half", "few"]


def test_steps_of_a_project_keep_their_order(terms):
    factories.article(terms=[terms["etude"]])
    factories.article(terms=[terms["etude"], terms["idee"]])
    assert list(counts("", "stage")) == ["idee", "etude"]


def test_sort_by_title_ignores_accents_and_case(library):
    for title in ("Zeste", "épicerie", "« Drive »", "Abeille"):
        factories.article(title=title)
    assert titles("sort=title") == ["Abeille", "« Drive »", "épicerie", "Zeste"]


def test_sort_by_last_review_puts_the_unread_last(library):
    factories.article(title="Jamais")
    factories.article(title="Hier", reviewed_on="2026-05-02")
    factories.guide(title="Avant", reviewed_on="2025-05-02")
    assert titles("sort=reviewed") == ["Hier", "Avant", "Jamais"]


def test_relevance_is_the_order_when_words_are_sought(library):
    factories.article(title="La légumerie")
    factories.article(title="Autre", body=factories.body("Une légumerie."))
    assert titles("q=l%C3%A9gumerie") == ["La légumerie", "Autre"]
    assert titles("q=l%C3%A9gumerie&sort=recent") == ["Autre", "La légumerie"]
    assert look("sort=relevance")["selection"].sort == "recent"


def test_a_page_beyond_the_last_shows_the_nearest(library):
    for _ in range(21):
        factories.article()
    pages = {"": 1, "page=2": 2, "page=3": 2, "page=0": 1, "page=-1": 1, "page=abc": 1}
    for address, number in {**pages, f"page={10**20}": 2}.items():
        assert look(address)["results"].number == number


def test_unknown_values_are_left_out(terms):
    factories.article(title="A", terms=[terms["courts"]])
    address = "theme=inconnu&kind=page&origin=x&tag=y&sort=z&language=klingon"
    assert titles(address) == ["A"]
    assert look(address)["here"] == ""


def test_an_address_has_one_way_to_be_written(terms):
    factories.article(terms=[terms["courts"], terms["urbaine"]])
    address = "sort=title&theme=circuits-courts&x=1&theme=agriculture-urbaine&theme=circuits-courts"
    expected = "?theme=agriculture-urbaine&theme=circuits-courts&sort=title"
    assert look(address)["here"] == expected
    assert look(f"q=&{address}&page=9")["canonical_query"] == expected


def test_each_filter_in_use_can_be_removed(terms):
    factories.article(title="Casier", terms=[terms["courts"], terms["idee"]])
    used = look("q=casier&theme=circuits-courts&stage=idee")["in_use"]
    assert [(str(f["label"]), f["name"], f["address"]) for f in used] == [
        ("Mots", "casier", "?theme=circuits-courts&stage=idee"),
        ("Thème", "Circuits courts", "?q=casier&stage=idee"),
        ("Étape", "Idée", "?q=casier&theme=circuits-courts"),
    ]


def test_library_page_shows_counts_filters_and_feed(client, terms):
    factories.article(title="Casier", terms=[terms["courts"]])
    html = client.get(ADDRESS, {"theme": "circuits-courts"}).content.decode()
    html = re.sub(r"\s+", " ", html)
    assert "1 ressource" in html
    assert 'href="/fr/se-documenter/flux.xml?theme=circuits-courts"' in html
    assert '<input type="checkbox" name="theme" value="circuits-courts" checked>' in html
    assert 'rel="canonical" href="http://localhost/fr/se-documenter/?theme=circuits-courts"' in html


def test_library_page_helps_when_nothing_is_found(client, library):
    html = client.get(ADDRESS, {"q": "introuvable"}).content.decode()
    assert "Aucune ressource" in html
    assert "parcourir toutes les ressources" in html


def test_library_without_any_resource_asks_for_the_first_one(client, library):
    html = client.get(ADDRESS).content.decode()
    assert "proposez la première ressource" in html
    for senseless in ("Appliquer les filtres", "Chercher une ressource", "Trier par", "parcourir"):
        assert senseless not in html, senseless
    factories.article()
    html = client.get(ADDRESS).content.decode()
    assert "Appliquer les filtres" in html
    assert "Chercher une ressource" in html
    assert "Trier par" not in html  # one resource has no order
    assert "première ressource" not in html


PARAMETERS = ["q", "kind", "theme", "territory", "origin", "tag", "sort", "page", "all"]
ODD = ["-1", "abc", str(10**20), "xxx", "²", "١"]


@pytest.mark.parametrize("place", [ADDRESS, f"{ADDRESS}flux.xml", "/fr/recherche/"])
def test_no_address_breaks_the_library(client, library, place):
    factories.article()
    for value in [*HOSTILE, *ODD]:
        if "\ud800" not in value:
            assert client.get(place, dict.fromkeys(PARAMETERS, value)).status_code == 200
    for raw in ("%ED%A0%80", "%00", "%FF", "%"):
        query = "&".join(f"{name}={raw}" for name in PARAMETERS)
        assert client.get(f"{place}?{query}").status_code == 200


@pytest.mark.parametrize("address", ["", "?theme=circuits-courts&q=clair&sort=title&tag=t"])
def test_library_costs_the_same_queries_at_3_and_30(
    client, terms, django_assert_max_num_queries, address
):
    def visit():
        with django_assert_max_num_queries(40) as queries:
            client.get(ADDRESS + address)
        return len(queries)

    def add(number):
        for index in range(number):
            make = [factories.article, factories.guide, factories.case_study][index % 3]
            make(terms=[terms["courts"], terms["indre"]], tags=["t"])

    add(3)
    visit()
    few = visit()
    add(27)
    assert visit() == few
