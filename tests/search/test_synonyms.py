"""An acronym is what it stands for, word after word; editors maintain the list, pages follow it."""

import pytest

from commons.scheduled_jobs import finish_index
from search import index
from search.contract import Query, Scope, search
from search.models import Acronym, Text
from search.synonyms import load_acronyms
from tests import factories

FRENCH = Scope(language="fr")
CUMA = "Coopérative d’utilisation de matériel agricole"


def find(query: str) -> list[int]:
    return sorted(search(Query(query, FRENCH)).ids[:])


def snippet(query: str, page) -> str:
    results = search(Query(query, FRENCH))
    return results.snippets([page.pk]).get(page.pk, "")


@pytest.fixture
def cuma(library):
    return Acronym.objects.create(short="CUMA", long=CUMA)


def test_words_scattered_over_a_page_do_not_say_an_acronym(cuma):
    factories.article(
        title="Une coopérative", body=factories.body("L’utilisation d’un matériel, agricole.")
    )
    page = factories.article(
        body=factories.body("Une coopérative d’utilisation du matériel agricole.")
    )
    short = factories.article(body=factories.body("Les CUMAs, et la CUMA."))
    assert find("CUMA") == find("cumas") == find("C.U.M.A.") == [page.pk, short.pk]
    assert find("coopérative d'utilisation de matériel agricole") == [page.pk, short.pk]


def test_words_scattered_are_better_than_nothing_and_said_to_be_less(cuma):
    page = factories.article(
        title="Une coopérative", body=factories.body("L’utilisation d’un matériel, agricole.")
    )
    results = search(Query("CUMA", FRENCH))
    assert (results.ids[:9], results.partial, results.corrected_query) == ([page.pk], True, "")


def test_what_stands_in_the_title_at_length_counts_as_a_title(cuma):
    factories.article(title="Une CUMA", body=factories.body("CUMA, CUMA, CUMA."))
    title = factories.article(title=CUMA, reviewed_on="2099-01-01")
    assert search(Query("cuma", FRENCH)).ids[:1] == [title.pk]


def test_another_word_with_the_stem_of_an_acronym_is_no_acronym(library):
    Acronym.objects.create(short="compta", long="comptabilité ; comptable")
    factories.article(body=factories.body("Compter ses poules."))
    pages = [
        factories.article(body=factories.body(f"Une formation de {word}."))
        for word in ("comptabilité", "comptables", "compta")
    ]
    assert find("compta") == [page.pk for page in pages]
    assert find("comptabilité") == [pages[0].pk, pages[2].pk]


def test_the_longest_is_meant(library):
    Acronym.objects.create(short="AB", long="Agriculture biologique")
    Acronym.objects.create(short="GAB", long="Groupement d’agriculture biologique")
    group = factories.article(body=factories.body("Un groupement d’agriculture biologique."))
    both = factories.article(body=factories.body("L’agriculture biologique."))
    assert find("groupement d'agriculture biologique") == [group.pk]
    assert find("agriculture biologique") == find("AB") == [group.pk, both.pk]


def test_the_snippet_marks_the_words_in_sequence(cuma):
    page = factories.article(
        body=factories.body(
            f"Un matériel agricole, et agricole. Une {CUMA.lower()}. Fin de l’utilisation."
        )
    )
    assert snippet("cuma", page) == f"Une <mark>{CUMA.lower()}</mark>."
    short = factories.article(body=factories.body("Du matériel agricole. Louer à la CUMA."))
    assert snippet("cuma", short) == "Louer à la <mark>CUMA</mark>."


def test_pages_follow_the_list(library):
    page = factories.article(body=factories.body(f"Une {CUMA}."))
    other = factories.article(body=factories.body("Un matériel."))
    assert find("cuma") == []
    acronym = Acronym.objects.create(short="CUMA", long=CUMA)
    assert find("cuma") == [page.pk]
    acronym.long = "matériel"
    acronym.save()
    assert find("cuma") == [page.pk, other.pk]
    acronym.short = "MAT"
    acronym.save()
    finish_index()
    assert (find("cuma"), find("mat")) == ([], [page.pk, other.pk])
    acronym.delete()
    assert find("mat") == []


def test_very_many_pages_follow_the_list_later(library, monkeypatch):
    pages = [factories.article(body=factories.body(f"Une {CUMA}.")) for _ in range(3)]
    monkeypatch.setattr(index, "AT_ONCE", 1)
    Acronym.objects.create(short="CUMA", long=CUMA)
    assert len(find("cuma")) == 1
    assert Text.objects.filter(stale=True).count() == 2
    finish_index()
    assert find("cuma") == [page.pk for page in pages]


def test_the_list_of_the_field_is_loaded_once_and_what_editors_changed_stays(library, settings):
    file = settings.BASE_DIR / "fixtures" / "acronyms.toml"
    page = factories.article(body=factories.body("Un restaurant."))
    Acronym.objects.create(short="CUMA", long="Autre chose")
    assert load_acronyms(file) == Acronym.objects.count() - 1
    assert load_acronyms(file) == 0
    assert Acronym.objects.get(short="CUMA").long == "Autre chose"
    assert find("resto") == [page.pk]
    letter = factories.article(body=factories.body("Une lettre d’information."))
    assert find("newsletter") == [letter.pk]


def test_a_query_that_is_mended_keeps_the_words_that_stand_for_an_acronym(library):
    Acronym.objects.create(short="newsletter", long="lettre d’information")
    factories.article(title="La lettre d’information de la légumerie")
    assert (
        search(Query("lettre d'information légumerrie", FRENCH)).corrected_query
        == "lettre information légumerie"
    )
