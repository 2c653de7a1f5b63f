"""The search of the whole site shows visible pages of every kind, in the reader's language."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commons.pages.models import PlainPage
from commons.pages.site_search import find, suggest
from commons.trainings.models import TrainingsPage
from search import zero_result_queries
from search.embedded.backends import store
from search.models import Gap
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


def test_a_search_without_result_leads_to_the_themes_of_a_section(client, pages):
    html = client.get("/fr/recherche/?q=xyz").content.decode()
    assert (
        '<a href="/fr/se-documenter/?all=theme">Parcourez « Se documenter » par thème</a>' in html
    )


def test_suggestions_are_titles_with_addresses(client, pages):
    answer = client.get("/fr/recherche/suggestions/", {"q": "parta"}).json()
    (only,) = answer["suggestions"]
    assert only["title"] == "Casier partagé"
    assert only["url"].startswith("/fr/se-documenter/casier-partage")
    assert client.get("/fr/recherche/suggestions/?q=%ED%A0%80%22%00").json() == {"suggestions": []}
    assert suggest("brouillon", language="fr", user=ANYONE) == ([], [])


def test_suggestions_name_the_themes_that_some_page_has(client, library):
    used = factories.term("theme", "elevage", "Élevage caprin")
    factories.term("theme", "elevage-bovin", "Élevage bovin")
    factories.article(title="Sans rapport", terms=[used])
    assert suggest("ELEV", language="fr", user=ANYONE) == (["Élevage caprin"], [])
    (only,) = client.get("/fr/recherche/suggestions/?q=eleva").json()["suggestions"]
    assert only == {
        "title": "Élevage caprin",
        "url": "/fr/recherche/?q=%C3%89levage+caprin",
        "kind": "Thème",
    }


def test_results_show_the_words_found_in_their_sentence(client, library):
    body = factories.body("Rien ici. Une légumerie <b>partagée</b> & ouverte. Fin.")
    factories.article(title="Sans rapport", body=body)
    html = client.get("/fr/recherche/", {"q": "legumeries"}).content.decode()
    assert "Une <mark>légumerie</mark> &lt;b&gt;partagée&lt;/b&gt; &amp; ouverte." in html


def test_a_mended_word_and_a_missing_word_are_told(client, library):
    factories.article(title="La légumerie ouverte")
    assert (
        "« <strong>légumerie</strong> »" in client.get("/fr/recherche/?q=legumrie").content.decode()
    )
    html = client.get("/fr/recherche/?q=legumerie+zzyzx").content.decode()
    assert "certaines ne contiennent pas tous vos mots" in html


def test_a_search_without_result_is_counted_and_offers_to_ask(client, library):
    for words in ("Xylophone à roues", "xylophone  a ROUES"):
        html = client.get("/fr/recherche/", {"q": words}).content.decode()
    assert "/fr/se-documenter/proposer/question/?title=xylophone" in html
    assert list(Gap.objects.values_list("language", "words", "times")) == [
        ("fr", "xylophone a roues", 2)
    ]
    form = client.get("/fr/se-documenter/proposer/question/?title=Xylophone").content.decode()
    assert 'value="Xylophone"' in form


def test_what_may_be_somebodys_is_not_kept(client, library):
    for words in ("jeanne@example.org", "06 12 34 56 78", "https://x.example", "le la"):
        client.get("/fr/recherche/", {"q": words})
    assert Gap.objects.count() == 0


def test_a_damaged_index_is_told_and_titles_are_searched(client, pages):
    store().drop()
    html = client.get("/fr/recherche/?q=casier").content.decode()
    assert "La recherche est en réparation" in html
    assert "3 pages" in html
    assert "2 ressources" in client.get("/fr/se-documenter/?q=casier").content.decode()


@pytest.mark.parametrize("typed", ["", "  ", "\u200b"])
def test_nothing_typed_lists_nothing(library, typed):
    factories.article(title="Casier")
    result = look(typed)
    assert (result.total, result.kinds, list(result.results)) == (0, [], [])
    assert look(typed, kind="article").total == 0
    assert not Gap.objects.exists()


def test_plain_pages_sections_and_the_library_are_kinds_too(client, library):
    home = library.get_parent()
    home.add_child(instance=PlainPage(title="Casier", slug="casier", locale=library.locale))
    library.title = "Le casier"
    library.save_revision().publish()
    assert {kind.slug: kind.name for kind in look("casier").kinds} == {
        "plain_page": "Page simple",
        "library_page": "Bibliothèque",
    }
    html = client.get("/fr/recherche/?q=casier&kind=library_page").content.decode()
    assert "Bibliothèque (1)" in html
    assert html.count('class="result"') == 1


def test_the_list_of_trainings_is_not_named_as_trainings_are(library):
    factories.training(title="Casier")
    section = TrainingsPage.objects.get()
    section.title = "Les casiers"
    section.save_revision().publish()
    assert {kind.slug: kind.name for kind in look("casier").kinds} == {
        "training": "Formation",
        "trainings_page": "Liste des formations",
    }


def test_vain_searches_of_one_address_leave_a_bounded_table(client, library, monkeypatch):
    monkeypatch.setattr("search.zero_result_queries.NEW_PER_DAY", 5)
    for number in range(12):
        client.get("/fr/recherche/", {"q": f"zzyzx{'abcdefghijkl'[number]}"})
        client.get("/fr/se-documenter/", {"q": f"yyzzx{'abcdefghijkl'[number]}"})
    assert Gap.objects.count() == 5
    client.get("/fr/recherche/", {"q": "zzyzxa"})
    assert Gap.objects.get(words="zzyzxa").times == 2
    client.get("/fr/recherche/", {"q": "autrement"}, REMOTE_ADDR="203.0.113.9")
    assert Gap.objects.filter(words="autrement").exists()


def test_a_full_table_keeps_what_is_asked_most(library, monkeypatch):
    monkeypatch.setattr("search.zero_result_queries.MOST_KEPT", 3)
    for words in ("canari", "canari", "perruche", "mésange", "pinson"):
        zero_result_queries.record(words, "fr")
    assert set(Gap.objects.values_list("words", flat=True)) == {"canari", "mesange", "pinson"}


def test_what_was_asked_once_is_forgotten_sooner(library):
    day = timezone.localdate() - datetime.timedelta(days=100)
    Gap.objects.create(language="fr", words="une fois")
    Gap.objects.create(language="fr", words="deux fois", times=2)
    Gap.objects.update(last_on=day)
    assert zero_result_queries.delete_old() == 1
    assert Gap.objects.get().words == "deux fois"
