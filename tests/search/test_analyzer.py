"""The normaliser of French: what is written in many ways becomes the same word of the index."""

import sys
import threading
import time

import pytest

from search.analyzer import (
    LONGEST_QUERY,
    all_tokens,
    clean,
    fold,
    index_text,
    stem,
    title_key,
    vocabulary_words,
)


def same(*texts: str) -> bool:
    return len({index_text(text, "fr") for text in texts}) == 1


def test_clean_cuts_and_drops_what_is_not_printable():
    assert clean("  a\x00b\n\ud800c ") == "a b c"
    assert len(clean("x" * 100_000)) == LONGEST_QUERY


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
    assert index_text(one, "fr") == index_text(other, "fr") != ""


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
    assert index_text(asked, "fr").split() == []


@pytest.mark.parametrize(
    "asked", ["Je cherche", "nous souhaitons", "est-il possible de", "près de", "où trouve-t-on"]
)
def test_what_asks_says_nothing(asked):
    assert index_text(f"{asked} une ferme", "fr") == index_text("ferme", "fr")


def test_compounds_are_known_joined_and_split():
    assert all_tokens("Low-tech", "fr") == [("lowtech", "low", "tech")]
    assert index_text("micro-ferme", "fr").split() == ["microferm", "micro", "ferm"]
    assert all_tokens("et/ou", "fr") == [("et",), ("ou",)]


def test_numbers_are_words_and_lone_letters_are_not():
    assert index_text("À 2019 b", "fr") == "2019"


def test_another_language_has_its_own_stems_and_stop_words():
    assert index_text("The farmers' markets", "en") == index_text(
        "market of a farmer", "en"
    ).replace("market farmer", "farmer market")
    assert index_text("Het paard", "xx") == "het paard"


def test_vocabulary_words_are_whole_and_have_their_stem():
    assert vocabulary_words(["legumeries", "les", "2019", "ab"], "fr") == {
        "legumeries": stem("legumerie", "fr")
    }


def test_titles_that_readers_take_for_the_same_have_one_key():
    assert title_key("« L’Œuf, à Évreux »") == title_key("l'oeuf a evreux") == "l oeuf a evreux"


def test_folding_is_the_same_composed_or_not():
    assert fold("é") == fold("e\u0301") == "e"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agro\u00adfores\u00adterie", "agroforesterie"),
        ("coo\u200bpéra\u200btive", "coopérative"),
        ("mara\u200cîcher", "maraîcher"),
        ("mara\u200dîcher", "maraîcher"),
        ("\ufefflé\u2060gumerie", "légumerie"),
        ("cas\u202aier\u202c", "casier"),
        ("10\u00ad000 €", "10000 €"),
    ],
)
def test_what_nobody_sees_is_nothing(one, other):
    assert index_text(one, "fr") == index_text(other, "fr")
    assert index_text(clean(one), "fr") == index_text(other, "fr")
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("formateurices", "formateurs"),
        ("producteurices", "productrice"),
        ("agriculteurices", "agriculteur"),
        ("auteurices", "autrices"),
        ("collaborateurices", "collaborateur"),
        ("formateurrices", "formatrice"),
        ("chercheureuses", "chercheurs"),
        ("vendeureuses", "vendeuse"),
        ("travailleurses", "travailleurs"),
        ("nombreuxses", "nombreuses"),
        ("associatifves", "associatif"),
        ("maraîcherères", "maraîchère"),
        ("agriculteur.rice.s", "agriculteur"),
        ("agriculteur(rice)s", "agriculteur"),
        ("agriculteurs (trices)", "agriculteurs"),
        ("agriculteurs/trices", "agricultrices"),
        ("agriculteurs / trices", "agriculteur"),
        ("agriculteur/rice/s", "agriculteurs"),
        ("agriculteur_rice_s", "agriculteurs"),
        ("agriculteur*rices", "agriculteurs"),
        ("agriculteur⸱ices", "agriculteurs"),
        ("agriculteur’ices", "agriculteurs"),
        ("AGRICULTEUR-RICE-S", "agriculteur"),
        ("agricult·eur·rice·s", "agriculteurs"),
        ("agricult(eur/rice)s", "agriculteur"),
        ("auto-entrepreneur·e·s", "auto-entrepreneurs"),
        ("professionnel-elle-s", "professionnels"),
        ("chef.fe.s", "chefs"),
    ],
)
def test_inclusive_forms_are_one_word(one, other):
    assert index_text(one, "fr") == index_text(other, "fr") != ""


def test_inclusive_small_words_say_nothing():
    assert index_text("celleux et toustes, tou·te·s, iels", "fr") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L. 411-1", "L411-1"),
        ("art. L.411-1", "art. l 411-1"),
        ("R. 411-9-11", "R411-9-11"),
        ("D. 230-24-1", "d 230-24-1"),
        ("R. *123-4", "R123-4"),
        ("HVE3", "HVE-3"),
        ("4 x 4", "4x4"),
        ("4 × 4", "4X4"),
        ("CO₂", "CO2"),
        ("H₂O", "H2O"),
        ("loi 2018-938", "loi n° 2018-938"),
        ("loi nº 2018‑938", "loi 2018-938"),
        ("10 000 €", "10000 €"),
        ("10\u202f000\u00a0€", "10 000 euros"),
        ("10.000 €", "10000€"),
        ("10’000 francs", "10000 francs"),
        ("1 000 000 d’euros", "1000000 €"),
        ("1 234,56 €", "1234,56 €"),
        ("2,5 ha", "2.5 ha"),
        ("2,50 ha", "2,5ha"),
        ("85%", "85 %"),
        ("85 pour cent", "85 %"),
        ("1er", "1ᵉʳ"),
        ("2e édition", "2ème édition"),
        ("18h30", "18 h 30"),
        ("18:30", "18 heures 30"),
        ("09h00", "9 h"),
        ("3-4 personnes", "3 à 4 personnes"),
        ("3 – 4", "3 4"),
        ("12/05/2026", "12 mai 2026"),
        ("12.05.2026", "2026-05-12"),
        ("1er mai 2026", "01/05/26"),
        ("200 m2", "200m²"),
        ("5 kg", "5kg"),
        ("200 m", "200m"),
    ],
)
def test_numbers_and_codes_are_one_however_they_are_spaced(one, other):
    assert index_text(one, "fr") == index_text(other, "fr") != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2,5 ha", "25 ha"),
        ("2,5", "2 5"),
        ("3-4", "34"),
        ("2018-938", "2018938"),
        ("10 000", "10"),
        ("L. 411-1", "R. 411-1"),
        ("12/05/2026", "05/12/2026"),
        ("0,375 M€", "375 M€"),
        ("il y a 4 fermes", "A4 fermes"),
    ],
)
def test_numbers_that_differ_stay_apart(one, other):
    assert not same(one, other)


def test_what_is_no_date_no_hour_no_decimal_is_read_in_pieces():
    assert index_text("45/45/2020", "fr") == "45 45 2020"
    assert index_text("192.168.0.1", "fr") == "192 168 0 1"
    assert index_text("1,2,3", "fr") == "1 2 3"
    assert index_text("en 2019,2020", "fr") == "2019 2020"
    assert index_text("10,000 euros and 2.5 ha", "en").split() == ["10000", "euro", "2v5", "ha"]


@pytest.mark.parametrize(
    "odd",
    [
        *("1 000", "1x", "1 ", "a-", "a'", "1.1.", "aa(e)", "12/05/", "l. ", "1 a ", "·e", "411-1"),
        *("aa·", "a.", "aa/e", "9", "b", "1 h ", "n° 1"),
    ],
)
def test_reading_takes_no_longer_for_odd_text(odd):
    def seconds(text: str) -> float:
        start = time.perf_counter()
        index_text(text, "fr")
        return time.perf_counter() - start

    assert seconds(odd * (100_000 // len(odd))) < 4  # a second at most on a machine that is calm


ENDINGS = ["chers", "chères", "sements", "issions", "ements", "euses", "ation", "ités"]


def test_threads_that_read_words_at_once_find_the_same_stems():
    """Snowball's stemmers keep the word that they cut: one must not serve two threads."""
    words = [f"{start}{end}" for start in ("marai", "produi", "abon") for end in ENDINGS]
    plain = {word: stem.__wrapped__(word, "fr") for word in words}
    wrong, interval = [], sys.getswitchinterval()

    def read():
        for word in words * 5:
            try:
                found = stem.__wrapped__(word, "fr")
            except IndexError as error:
                found = repr(error)
            if found != plain[word]:
                wrong.append((word, found))

    threads = [threading.Thread(target=read) for _ in range(4)]
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []
