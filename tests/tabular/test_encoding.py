"""An encoding is found, or the file is refused: never letters that nobody wrote."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.refused import Refused
from commons.tabular.encoding import decode

TEXT = "Titre;Lieu;Contexte\nÉpicerie d’été à Évreux;Évreux;Créée par des bénévoles — 12 000 €\n"
PLAIN = "Titre;Lieu;Contexte\nÉpicerie d'été à Évreux;Évreux;Créée par des bénévoles, n° 5\n"
OLD = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", [*OLD, *WIDE])
def test_usual_encodings_are_read_as_they_were_written(encoding, end):
    text = (PLAIN if encoding in {"cp850", "iso8859_15"} else TEXT).replace("\n", end)
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize(
    "line", ["ÉPICERIE À ÉVREUX", "Côté jardin, à l'aîné", "« Le Pré » où l'on sème", "Noël"]
)
def test_a_short_file_is_read_right_or_refused(encoding, line):
    text = f"Titre\n{line}\n"
    try:
        decoded = decode(text.encode(encoding))
    except Refused as refusal:
        decoded = refusal
    assert encoding in str(decoded) if isinstance(decoded, Refused) else decoded.text == text


@pytest.mark.parametrize("word", ["Hôtel", "Évry", "Noël", "maïs", "français", "fête", "À table"])
def test_one_word_is_enough_for_windows(word):
    assert decode(f"Titre\n{word}\n".encode("cp1252")).text == f"Titre\n{word}\n"


def test_latin_9_keeps_its_euro_and_ligatures():
    text = "Titre;Budget\nL'œuf;12 000 €\nUn bœuf;100 €\n"
    assert decode(text.encode("iso8859_15"))[:2] == (text, "iso8859_15")


@pytest.mark.parametrize(("odd", "name"), [(b"\xe9", "cp1252"), (b"\x8e", "mac_roman")])
def test_an_odd_byte_spoils_no_other_line(odd, name):
    good = "Titre;Lieu;Contexte\nÉpicerie de l’été;Évry;œufs\nLa fête;Uzès;là\n"
    decoded = decode(good.encode() + b"Ferme du Pr" + odd + b";Mende;\n")
    assert decoded.text == f"{good}Ferme du Pré;Mende;\n"
    assert (decoded.encoding, decoded.doubtful) == (f"utf-8 + {name}", {4: "Ferme du Pré;Mende;"})


def test_an_odd_byte_in_a_line_that_is_also_utf_8():
    decoded = decode("Titre\nPré ".encode() + b"du C\x9cur\n")
    assert decoded.text == "Titre\nPré du Cœur\n"


def test_what_was_encoded_twice_is_read_once():
    once = "Titre\nÉpicerie de l’été\n"
    decoded = decode(once.encode().decode("cp1252").encode())
    assert (decoded.text, decoded.doubtful) == (once, {2: "Épicerie de l’été"})


def test_a_file_of_two_old_encodings_names_the_line():
    raw = "Titre\nLe Pré, l’étable, créée\n".encode("mac_roman") + "Le Pré\n".encode("cp1252")
    assert decode(raw).doubtful.keys() == {3}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Назва;Місце\nЯрмарок;Київ\n", "cp1251"),
        ("Ο τίτλος;κεφί\n", "cp1253"),
        ("Gospodarstwo Łąki;Łódź\nŚwieże\n", "cp1250"),
        ("日本語の題名\n", "shift_jis"),
    ],
)
def test_other_alphabets_are_refused_until_they_are_named(text, encoding):
    with pytest.raises(Refused, match="--encoding"):
        decode(text.encode(encoding))
    assert decode(text.encode(encoding), encoding=encoding).text == text


@pytest.mark.parametrize("raw", [b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00", b"\xff\xfea", b"a\x00b"])
def test_what_is_no_text_is_refused(raw):
    with pytest.raises(Refused):
        decode(raw)


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", "utf-8\x00", "undefined", "ascii"])
def test_a_wrong_name_of_encoding_is_refused_in_one_line(name):
    with pytest.raises(Refused) as refusal:
        decode("é".encode(), encoding=name)
    assert "\n" not in str(refusal.value)


def test_refusing_shows_both_ways_to_read():
    with pytest.raises(Refused, match="« Noâl » en mac_roman, « Noël » en cp850"):
        decode("Titre\nNoël\n".encode("cp850"))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    with suppress(Refused):
        decode(raw)
