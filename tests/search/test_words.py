"""The normaliser of French: what is written in many ways becomes the same word of the index."""

import pytest

from search.words import LONGEST, clean, fold, indexed, known_words, stem, title_key, written


def same(*texts: str) -> bool:
    return len({indexed(text, "fr") for text in texts}) == 1


def test_clean_cuts_and_drops_what_is_not_printable():
    assert clean("  a\x00b\n\ud800c ") == "a b c"
    assert len(clean("x" * 100_000)) == LONGEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("légumerie", "LEGUMERIES"),
        ("œuf", "oeufs"),
        ("maraîcher", "maraichers"),
        ("maraîcher", "maraîchère"),
        ("producteur", "productrices"),
        ("éleveuse", "éleveurs"),
        ("paysan", "paysannes"),
        ("social", "sociaux"),
        ("travail", "travaux"),
        ("coopérative", "coopératives"),
        ("l’accès", "accès"),
        ("qu'une ferme", "d’une ferme"),
        ("jusqu’aux marchés", "marché"),
        ("agriculteur·rice·s", "agriculteurs"),
        ("adhérent.e.s", "adhérent"),
        ("paysan-ne-s", "paysan"),
        ("producteur(trice)s", "producteur"),
        ("adhérent(e)s", "adhérents"),
        ("A.M.A.P.", "AMAP"),
        ("Quel est le statut de mon projet ?", "statut projet"),
        ("le bail", "les baux"),
        ("bonne", "bons"),
        ("nette", "nets"),
        ("nulles", "nul"),
        ("chattes", "chat"),
        ("intercommunalles", "intercommunal"),
        ("vélos", "vélo"),
        ("emplois", "emploi"),
        ("revenus", "revenu"),
        ("lieux", "lieu"),
        ("françaises", "français"),
        ("créer", "création"),
        ("nourrir", "nourriture"),
        ("construire", "construction"),
        ("éleveuse", "élevage"),
        ("vendeuses", "vente"),
    ],
)
def test_forms_of_a_word_are_the_same_word(one, other):
    assert indexed(one, "fr") == indexed(other, "fr") != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("panier", "paniste"),
        ("marché", "marchand"),
        ("pattes", "PAT"),
        ("mille", "MIL"),
        ("salle", "sal"),
        ("lotte", "lot"),
        ("panne", "pan"),
        ("vie", "visite"),
        ("communication", "commun"),
    ],
)
def test_words_that_differ_stay_apart(one, other):
    assert not same(one, other)


@pytest.mark.parametrize(
    "asked",
    ["est-ce", "Est-ce qu’il", "qu'est-ce que", "y a-t-il", "a-t-on", "t-il", "peut-on"],
)
def test_small_words_joined_by_hyphens_say_nothing_either(asked):
    assert indexed(asked, "fr").split() == []


@pytest.mark.parametrize(
    "asked", ["Je cherche", "nous souhaitons", "est-il possible de", "près de", "où trouve-t-on"]
)
def test_what_asks_says_nothing(asked):
    assert indexed(f"{asked} une ferme", "fr") == indexed("ferme", "fr")


def test_compounds_are_known_joined_and_split():
    assert written("Low-tech", "fr") == [("lowtech", "low", "tech")]
    assert indexed("micro-ferme", "fr").split() == ["microferm", "micro", "ferm"]
    assert written("et/ou", "fr") == [("et",), ("ou",)]


def test_numbers_are_words_and_lone_letters_are_not():
    assert indexed("À 2019 b", "fr") == "2019"


def test_another_language_has_its_own_stems_and_stop_words():
    assert indexed("The farmers' markets", "en") == indexed("market of a farmer", "en").replace(
        "market farmer", "farmer market"
    )
    assert indexed("Het paard", "xx") == "het paard"


def test_known_words_are_whole_and_have_their_stem():
    assert known_words(["legumeries", "les", "2019", "ab"], "fr") == {
        "legumeries": stem("legumerie", "fr")
    }


def test_titles_that_readers_take_for_the_same_have_one_key():
    assert title_key("« L’Œuf, à Évreux »") == title_key("l'oeuf a evreux") == "l oeuf a evreux"


def test_folding_is_the_same_composed_or_not():
    assert fold("é") == fold("e\u0301") == "e"
