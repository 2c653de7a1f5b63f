"""The engine finds words in French, ranks them, counts them, and never breaks on what is typed."""

import time

import pytest
from django.db import connection
from wagtail.models import PageViewRestriction

from search.contract import Query, Scope, search, suggest
from search.embedded.backends import store
from search.models import Acronym, Document
from tests import factories
from tests.search.hostile import HOSTILE

FRENCH = Scope(language="fr")


def ids(query: str, scope: Scope = FRENCH, **options) -> list[int]:
    return search(Query(query, scope, **options)).ids[:]


def test_search_holds_against_anything(library):
    factories.article(title="Un casier", body=factories.body("La ferme et le marché."))
    for query in HOSTILE:
        start = time.perf_counter()
        search(Query(query, FRENCH))
        suggest(query, FRENCH)
        assert time.perf_counter() - start < 0.5, query[:50]


def test_an_exact_title_comes_first(library):
    factories.article(title="Le panier, le panier et encore le panier à la ferme")
    page = factories.article(title="Le panier à la ferme")
    factories.article(title="Panier à la ferme : panier")
    assert ids("le panier a la ferme")[0] == page.pk


def test_title_then_summary_and_headings_then_body(library):
    body = factories.article(title="Trois", body=factories.body("Une légumerie. " * 30))
    heading = factories.guide(title="Deux", chapters=factories.chapters("La légumerie"))
    summary = factories.article(title="Un autre", summary="Ouvrir une légumerie à plusieurs.")
    title = factories.article(title="Une légumerie pour la commune, ouverte à toutes les fermes")
    found = ids("légumeries")
    assert found[0] == title.pk
    assert set(found[1:3]) == {heading.pk, summary.pk}
    assert found[3] == body.pk


def test_recent_or_reviewed_comes_first_among_equals(library):
    factories.article(title="Casier vert")
    reviewed = factories.article(title="Casier bleu", reviewed_on="2099-01-01")
    factories.article(title="Casier gris")
    assert ids("casier")[0] == reviewed.pk


def test_every_word_then_any(library):
    both = factories.article(title="Casier réfrigéré")
    one = factories.article(title="Casier partagé")
    assert ids("casier réfrigéré") == [both.pk]
    results = search(Query("casier zzyzx", FRENCH))
    assert set(results.ids[:]) == {both.pk, one.pk}
    assert results.partial


def test_a_question_finds_pages_that_lack_a_word_of_it(library):
    page = factories.article(title="Choisir son statut juridique")
    factories.article(title="Un projet de ferme")
    assert ids("Quel est le statut juridique le plus adéquat pour mon projet ?")[0] == page.pk


def test_few_pages_with_every_word_let_in_those_with_nearly_all(library):
    summary = factories.article(title="Un", summary="Le casier réfrigéré partagé.")
    two = factories.article(title="Deux", summary="Un casier réfrigéré.")
    one = factories.article(title="Trois", summary="Un casier.")
    assert ids("casier réfrigéré partagé") == [summary.pk, two.pk, one.pk]
    title = factories.article(title="Le casier réfrigéré partagé")
    assert ids("casier réfrigéré partagé") == [title.pk, summary.pk]


@pytest.mark.parametrize("order", ["recent", "reviewed"])
def test_the_newest_that_hold_every_word_come_before_newer_ones_that_lack_some(library, order):
    old, new = (
        factories.article(title=f"{number} œufs", summary="À vendre.", reviewed_on=day)
        for number, day in [("Dix", "2025-01-01"), ("Cent", "2025-02-02")]
    )
    part = factories.article(title="Vendre au marché", reviewed_on="2026-03-03")
    results = search(Query("vendre des œufs", FRENCH, order=order))
    assert results.ids[:] == [new.pk, old.pk, part.pk]
    assert results.partial


def test_a_long_question_of_which_few_pages_hold_most(library):
    most = factories.article(body=factories.body("Livrer dimanche, le matin."))
    page = factories.article(title="Livrer les légumes")
    assert set(ids("livrer mes légumes dimanche matin à vélo")) == {page.pk, most.pk}


def test_a_rare_word_in_a_summary_counts_more_than_a_common_one_in_a_title(library):
    rare = factories.article(title="Deux", summary="Recenser les besoins.")
    common = factories.article(title="Producteurs associés en ville")
    for _ in range(8):
        factories.article(body=factories.body("Des producteurs."))
    assert ids("recenser des producteurs")[:2] == [rare.pk, common.pk]


def test_a_kind_of_content_named_in_a_query_leads_to_it(library):
    guide = factories.guide(title="La logistique à plusieurs fermes")
    article = factories.article(title="La logistique")
    assert ids("guide logistique") == [guide.pk, article.pk]
    assert ids("logistique") == [article.pk, guide.pk]


def test_a_tag_counts_as_much_as_a_heading(library):
    body = factories.article(title="Un", body=factories.body("Un canari. " * 9))
    tagged = factories.article(title="Deux", tags=["canari"])
    assert ids("canari") == [tagged.pk, body.pk]


def test_small_words_alone_find_titles(library):
    page = factories.article(title="Qui sommes-nous ?")
    assert ids("qui sommes nous") == [page.pk]


@pytest.mark.parametrize("typed", ["legumrie", "légumerei", "legumerrie", "lgumerie", "legumeriie"])
def test_a_typing_error_finds_the_nearest_word(library, typed):
    page = factories.article(title="La légumerie")
    results = search(Query(typed, FRENCH))
    assert results.ids[:] == [page.pk]
    assert results.corrected_query == "légumerie"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("La CRESS", "crest"),
        ("Le reste", "resto"),
        ("Un appui", "appli"),
        ("Agir", "agri"),
        ("Une agence", "agen"),
        ("Des ventes", "nantes"),
        ("Un tramail", "travaux"),
        ("Une valise", "Un marché à Valide"),
        ("Les tonneaux", "Un marché à Tonneins"),
    ],
)
def test_a_word_that_may_be_another_one_is_not_corrected(library, written, typed):
    factories.article(title=written)
    assert search(Query(typed, FRENCH)).corrected_query == ""


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Un tarif", "tairf"),
        ("Un statut", "statu"),
        ("Une logistique", "kogistiqe"),
        ("Une boutique", "un marché à la Boutiqe"),
    ],
)
def test_a_typing_slip_is_corrected(library, written, typed):
    page = factories.article(title=written)
    assert ids(typed)[:1] == [page.pk]
    assert search(Query(typed, FRENCH)).corrected_query != ""


def test_the_word_offered_is_written_as_most_titles_write_it(library):
    for title in ("LEGUMERIE", "Une légumerie", "La Légumerie", "Les légumeries"):
        factories.article(title=title, body=factories.body("legumerie " * 9))
    assert search(Query("légumerrie", FRENCH)).corrected_query == "légumerie"


def test_the_spelling_offered_is_never_that_of_a_closed_page(library):
    factories.article(title="La legumerie")
    secret = [factories.article(title=f"Légumerie {n}").path for n in range(3)]
    assert (
        search(Query("legumerrie", Scope(language="fr", closed=frozenset(secret)))).corrected_query
        == "legumerie"
    )


def test_what_a_page_speaks_much_of_counts_and_the_rest_is_a_matter_of_age(library):
    often = factories.article(title="Un", body=factories.body("Un canari. " * 5))
    once = factories.article(title="Deux", body=factories.body("Un canari et une ferme."))
    twice = factories.article(title="Trois", body=factories.body("Un canari, le canari."))
    assert ids("canari")[0] == often.pk
    assert set(ids("canari")[1:]) == {once.pk, twice.pk}


def test_two_words_typed_as_one_and_one_as_two(library):
    split = factories.article(title="Un circuit court")
    joined = factories.article(title="La microferme")
    assert ids("circuitcourt") == [split.pk]
    assert ids("micro ferme") == ids("micro-ferme") == [joined.pk]


def test_an_acronym_finds_what_it_stands_for_and_back(library):
    Acronym.objects.create(
        short="AMAP", long="Association pour le maintien d’une agriculture paysanne"
    )
    long = factories.article(title="L’association pour le maintien d’une agriculture paysanne")
    short = factories.article(title="Rejoindre une AMAP")
    assert set(ids("amap")) == set(ids("A.M.A.P.")) == {long.pk, short.pk}
    assert set(ids("association pour le maintien d'une agriculture paysanne")) == {
        long.pk,
        short.pk,
    }


def test_suggestions_complete_the_last_word_and_need_two_letters(library):
    page = factories.article(title="Distributeur automatique à l’épicerie")
    assert suggest("distri", FRENCH) == suggest("automatique epi", FRENCH) == [page.pk]
    assert suggest("d", FRENCH) == []


def test_suggestions_understand_what_the_search_does(library):
    status = factories.article(
        title="Choisir son statut", body=factories.body("La forme juridique d’une ferme.")
    )
    shop = factories.article(title="Ouvrir un magasin")
    poor = factories.article(title="Tarifs", body=factories.body("Des prix contre la pauvreté."))
    assert suggest("forme jur", FRENCH) == [status.pk]
    assert suggest("forme juridiq", FRENCH) == [status.pk]
    assert suggest("magazin", FRENCH) == [shop.pk]
    assert suggest("prix pauvres", FRENCH) == [poor.pk]
    assert suggest("zzyzx", FRENCH) == suggest("de la", FRENCH) == []


def test_suggestions_begin_with_titles_and_name_no_page_twice(library):
    Acronym.objects.create(short="AMAP", long="association paysanne")
    said = factories.article(title="Un", summary="Le casier de l’association paysanne.")
    factories.article(title="Deux", body=factories.body("Le casier."))
    title = factories.article(title="Casiers et AMAP")
    assert suggest("casier", FRENCH) == [title.pk, said.pk]
    assert suggest("amap", FRENCH) == [title.pk, said.pk]


def test_suggestions_never_complete_a_word_from_a_closed_page(library):
    secret = factories.article(title="Rien", body=factories.body("Le quadrilatère du casier."))
    page = factories.article(title="Vide", body=factories.body("Un casier."))
    scope = Scope(language="fr", closed=frozenset([secret.path]))
    assert suggest("quadril", scope) == []
    assert suggest("casier", scope) == [page.pk]


def test_scope_keeps_to_a_language_kinds_and_places(library):
    page = factories.article(title="Casier")
    guide = factories.guide(title="Casier")
    assert ids("casier", Scope(language="en")) == []
    assert ids("casier", Scope(language="fr", kinds=(guide.content_type_id,))) == [guide.pk]
    assert ids("casier", Scope(language="fr", closed=frozenset([page.path]))) == [guide.pk]
    assert ids("casier", Scope(language="fr", closed=frozenset([library.path, page.path]))) == []
    assert set(ids("casier", Scope(language="fr", within=library.path))) == {page.pk, guide.pk}
    assert ids("casier", Scope(language="fr", within=page.path)) == [page.pk]


def test_a_near_word_is_never_that_of_a_closed_page(library):
    secret = factories.article(title="Quadrilatère")
    scope = Scope(language="fr", closed=frozenset([secret.path]))
    assert search(Query("quadrilatere", scope)).corrected_query == ""
    results = search(Query("quadrilatre", scope))
    assert (results.ids[:], results.corrected_query, results.partial) == ([], "", False)


def test_orders(library):
    first = factories.article(title="Zèbre casier", reviewed_on="2026-05-02")
    second = factories.article(title="Âne casier")
    assert ids("casier", order="title") == [second.pk, first.pk]
    assert ids("casier", order="recent") == [second.pk, first.pk]
    assert ids("casier", order="reviewed") == [first.pk, second.pk]
    assert ids("", order="title")[:1] != []


def test_a_damaged_index_leaves_a_search_in_titles_and_still_lets_publish(library):
    page = factories.article(title="Casier", body=factories.body("Une légumerie."))
    store().drop()
    results = search(Query("casier", FRENCH))
    assert results.degraded
    assert results.ids[:] == [page.pk]
    assert search(Query("", FRENCH)).degraded is False
    assert suggest("casi", FRENCH) == []
    assert store().faults() != []
    assert factories.article(title="Casier pendant la panne").live
    assert Document.objects.filter(title_key__contains="panne").exists()


def test_searching_takes_no_write_lock(library, django_assert_max_num_queries):
    factories.article(title="Casier réfrigéré")
    with django_assert_max_num_queries(16) as queries:
        search(Query("casier refrigere", FRENCH))
    assert not any(q["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for q in queries)


def test_restricted_pages_are_counted_for_nobody_else(library, client):
    factories.article(title="Casier ouvert")
    hidden = factories.article(title="Casier réservé")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    assert "1 page" in client.get("/fr/recherche/?q=casier").content.decode()
    client.force_login(factories.member())
    assert "2 pages" in client.get("/fr/recherche/?q=casier").content.decode()


def test_the_store_is_the_one_of_the_database():
    assert store().__name__ == f"search.embedded.{connection.vendor}"
