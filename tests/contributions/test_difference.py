"""The difference of two versions: in words, by paragraph, and fast whatever the length."""

import random
import time

from commons.contributions.difference import ADDED, REMOVED, SAME, Piece, changes_between, compare
from tests import factories
from tests.contributions.form_data import submitted


def test_numbers_and_hours_are_one_word():
    (pieces,) = compare("Rendez-vous à 18 h 30, 85 000 euros.", "Rendez-vous à 19 h, 90 000 euros.")
    assert Piece(REMOVED, "18 h 30, 85 000") in pieces
    assert "".join(p.text for p in pieces if p.kind != ADDED).startswith("Rendez-vous à 18 h 30")
    assert "".join(p.text for p in pieces if p.kind != REMOVED) == (
        "Rendez-vous à 19 h, 90 000 euros."
    )


def test_only_paragraphs_that_changed_are_shown():
    found = compare("Un.\nDeux.\nTrois.", "Un.\nTrois.\nQuatre.")
    assert found == [[Piece(REMOVED, "Deux.")], [Piece(ADDED, "Quatre.")]]
    assert compare("Pareil.", "Pareil.") == []


def test_nothing_of_either_text_is_lost():
    chance = random.Random(11)
    words = ["le", "marché", "18 h 30", "85 000", "ferme.", "l’œuf", "!", "<b>"]
    for _ in range(100):
        old, new = (" ".join(chance.choices(words, k=30)) for _ in range(2))
        pieces = [piece for paragraph in compare(old, new) for piece in paragraph]
        assert "".join(p.text for p in pieces if p.kind in {SAME, REMOVED}) in {old, ""}
        assert "".join(p.text for p in pieces if p.kind in {SAME, ADDED}) in {new, ""}


def test_a_long_text_takes_no_time():
    chance = random.Random(11)
    words = [f"mot{n}" for n in range(500)]
    old = "\n".join(" ".join(chance.choices(words, k=60)) + "." for _ in range(100))
    new = "\n".join(line.replace("mot7", "autre") for line in old.splitlines())
    start = time.process_time()
    assert compare(old, new)
    compare(old, " ".join(chance.choices(words, k=6000)))
    assert time.process_time() - start < 3


def test_fields_and_links_are_compared(library):
    page = submitted(factories.member()).page.specific
    before = page.get_latest_revision_as_object()
    page.title, page.summary = "Autre titre", "Autre résumé."
    page.body = [("text", '<p><a href="https://ailleurs.example/">ici</a></p>')]
    page.credit = "Une ferme"
    after = page.save_revision().as_object()
    found = {change.label: change.paragraphs for change in changes_between(before, after)}
    assert set(found) == {"Titre", "Résumé", "Contenu", "Crédit"}
    said = "".join(piece.text for paragraph in found["Contenu"] for piece in paragraph)
    assert "https://ailleurs.example/" in said
