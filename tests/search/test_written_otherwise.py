"""What people type finds what pages say, however one or the other is written."""

import pytest

from search.contract import Query, Scope, search, suggest
from tests import factories

FRENCH = Scope(language="fr")


def ids(query: str) -> list[int]:
    return search(Query(query, FRENCH)).ids[:]


def marked(query: str, page) -> str:
    results = search(Query(query, FRENCH))
    return str(results.snippets([page.pk]).get(page.pk, ""))


PAIRS = [
    ("agro\u00adfores\u00adterie", "agroforesterie"),
    ("coo\u200bpéra\u200btive", "coopérative"),
    ("formateurices", "formateurs"),
    ("chercheureuses", "chercheuses"),
    ("art. L. 411-1", "L411-1"),
    ("art. R. 411-9-11", "R411-9-11"),
    ("art. D. 230-24-1", "D 230-24-1"),
    ("HVE 3", "HVE3"),
    ("PAC 2023", "PAC2023"),
    ("4 x 4", "4x4"),
    ("RN 7", "RN7"),
    ("CO₂", "CO2"),
    ("loi n° 2018-938", "loi 2018-938"),
    ("10\u202f000 €", "10000 €"),
    ("10 000 euros", "10000€"),
    ("2,5 ha", "2.5 ha"),
    ("85\u00a0%", "85%"),
    ("18 h 30", "18h30"),
    ("le 12 mai 2026", "12/05/2026"),
    ("3 à 4 personnes", "3-4 personnes"),
]


@pytest.mark.parametrize(("one", "other"), [*PAIRS, *(pair[::-1] for pair in PAIRS)])
def test_one_way_to_write_finds_the_other_and_marks_it(library, one, other):
    page = factories.article(title="Sans rien", body=factories.body(f"Du pain, {one}, du vin."))
    factories.article(title="Un fondateur", body=factories.body("Des fondateurs et fondatrices."))
    results = search(Query(other, FRENCH))
    assert (results.ids[:], results.corrected_query) == ([page.pk], "")
    assert "<mark>" in marked(other, page)
    titled = factories.article(title=f"Avec {one} ici")
    assert titled.pk in suggest(other, FRENCH)


def test_the_whole_number_is_marked(library):
    page = factories.article(title="Rien", body=factories.body("Il faut 10 000 € (loi L. 411-1)."))
    assert "<mark>10\xa0000</mark>" in marked("10000", page).replace("10 000", "10\xa0000")
    assert marked("L411-1", page).endswith("(loi <mark>L. 411-1</mark>).")


def test_soft_hyphens_and_accents_apart_are_marked_whole(library):
    text = "Une agro\u00adfores\u00adterie et une coope\u0301rative."
    page = factories.article(title="Rien", body=factories.body(text))
    found = marked("agroforesterie", page).replace("\u00ad", "")  # which the page may have lost
    assert "<mark>agroforesterie</mark>" in found
    assert "</mark>" in marked("coopérative", page)


def test_a_decimal_comes_before_its_digits_apart(library):
    apart = factories.article(title="5 ruches sur 2 ha")
    page = factories.article(title="Une ferme", body=factories.body("La ferme a 2,5 ha."))
    assert ids("2,5 ha") == [page.pk, apart.pk]
    assert ids("2.5 ha") == [page.pk, apart.pk]


@pytest.mark.parametrize("query", ["HVE 3", "HVE3"])
def test_a_code_comes_before_its_parts_apart(library, query):
    apart = factories.article(title="Un", body=factories.body("La HVE : 3 fermes, 3 lieux."))
    page = factories.article(title="Une ferme", body=factories.body("Le niveau HVE 3 est exigé."))
    factories.article(title="Deux", body=factories.body("La HVE."))
    assert ids(query)[0] == page.pk
    assert query == "HVE3" or ids(query)[1] == apart.pk


def test_an_article_of_law_is_found_by_its_number_alone(library):
    page = factories.article(title="Bail", body=factories.body("Voir L. 411-1 du code."))
    assert ids("code 411-1") == ids("411-1") == [page.pk]


def test_a_code_that_no_page_has_is_looked_for_by_what_it_is_made_of(library):
    page = factories.article(title="Fin 2023", body=factories.body("La réforme de la PAC."))
    assert ids("PAC2023") == [page.pk]


@pytest.mark.parametrize("query", ["formateurs", "formatrice", "formateurices", "formateur·rices"])
def test_an_inclusive_form_is_never_mended_away(library, query):
    factories.article(title="Les fondateurs")
    page = factories.article(title="Rien", body=factories.body("Nos formateurices sont là."))
    results = search(Query(query, FRENCH))
    assert (results.ids[:], results.corrected_query) == ([page.pk], "")


def test_what_was_mended_beside_a_number_is_told_as_it_was_typed(library):
    factories.article(title="Un magasin de 2,5 ha")
    assert search(Query("magazin 2,5 ha", FRENCH)).corrected_query == "magasin 2,5 ha"


def test_a_common_word_alone_lets_in_no_page(library):
    eggs = factories.article(title="Un", body=factories.body("Des œufs."))
    for number in range(30):
        factories.article(title=f"Page {number}", body=factories.body("Vendre ici."))
    titled = factories.article(title="Vendre mieux")
    assert ids("vendre oeufs") == [titled.pk, eggs.pk] or ids("vendre oeufs")[0] == eggs.pk
    assert len(ids("vendre oeufs")) == 2
