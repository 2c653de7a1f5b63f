"""The delimiter and the header of a table, from the whole of it."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.refused import Refused
from commons.resources.import_columns import is_known_header
from commons.tabular.delimited import read_delimited
from commons.tabular.encoding import decode

COMMAS = "Objectifs (sociaux, économiques, environnementaux, autres)"
ROW = [("Titre", "Le casier"), ("Lieu", "Uzès")]


def rows(text: str) -> list:
    return [pairs for _line, pairs in read_delimited(text, is_header=is_known_header).table.rows]


@pytest.mark.parametrize("header", [COMMAS, f'"{COMMAS}"', f'"{COMMAS};"'])
def test_commas_in_a_header_delimit_nothing(header):
    read = read_delimited(
        f"Titre;{header};Lieu\nLe casier;Livrer mieux;Uzès\n", is_header=is_known_header
    )
    assert read.delimiter == ";"
    assert [text for _name, text in read.table.rows[0][1]] == ["Le casier", "Livrer mieux", "Uzès"]


def test_long_questions_as_headers():
    question = "Où, dans quelle ville ; dans quel quartier, le projet a-t-il lieu ?"
    text = f'"Titre","{question}","Lieu"\n"Le casier","Ici ; là","Uzès"\n'
    assert rows(text) == [[ROW[0], (question, "Ici ; là"), ROW[1]]]


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\n",
        '"sep=;"\r\n',
        "SEP=;\n",
        "Recensement 2024, des initiatives, en circuits courts\n\n",
        "Initiatives;;\n;;\nExport du 12/03/2024;;\n",
        "\n\n",
    ],
)
def test_what_stands_above_the_header_is_passed_over(above):
    assert rows(f"{above}Titre;Lieu\nLe casier;Uzès\n") == [ROW]


def test_sep_wins_over_what_looks_better():
    assert rows("sep=|\nTitre|Lieu\nLe casier|Uzès\n") == [ROW]
    assert rows("sep=#\nTitre#Lieu\nLe casier#Uzès\n") == [ROW]


def test_lines_of_a_cell_and_delimiters_in_it():
    text = 'Titre;Contexte\nLe casier;"un, deux\ntrois; quatre, cinq\n""six"""\nLa ferme;x\n'
    table = read_delimited(text, is_header=is_known_header).table
    assert table.rows[0] == (
        2,
        [ROW[0], ("Contexte", 'un, deux\ntrois; quatre, cinq\n"six"')],
    )
    assert table.rows[1][0] == 5


def test_a_trailing_delimiter_and_cells_without_header():
    assert rows("Titre;Lieu;\nLe casier;Uzès;\n") == [ROW]
    assert rows("Titre;;Lieu\nLe casier;a;Uzès;b;c\n") == [
        [ROW[0], ("", "a"), ROW[1], ("", "b"), ("", "c")]
    ]


def test_apostrophes_as_quotes():
    assert rows("'Titre';'Lieu'\n'Le casier; l''épi';'Uzès'\n") == [
        [("Titre", "Le casier; l'épi"), ROW[1]]
    ]
    assert rows("Titre;Lieu\n'Le casier';Uzès\n")[0][0] == ("Titre", "'Le casier'")


def test_one_column_needs_no_delimiter():
    assert rows("Titre\nLe casier, à Uzès\n") == [[("Titre", "Le casier, à Uzès")]]


def test_tabs_among_commas():
    assert rows("Titre\tLieu\nLe casier\tUzès\n") == [ROW]


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "1;2\n", "\n\n", "Bonjour à tous.\nMerci."])
def test_without_a_known_column_it_is_refused_with_the_first_line(text):
    with pytest.raises(Refused, match="colonne connue"):
        read_delimited(text, is_header=is_known_header)


def test_an_unclosed_quote_is_refused():
    with pytest.raises(Refused, match="ligne 3"):
        rows('Titre;Lieu\nLe casier;Uzès\n"La ferme;Mende\nLe pré;Alès\n')


OLD = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
WIDE = ["utf-8", "utf-8-sig", "utf-16"]


def written_in(encoding: str):
    """An encoding and some rows of what it has a letter for."""
    signs = st.characters(
        codec=encoding if encoding in OLD else "cp1252", exclude_categories=["Cc"]
    )
    cell = st.text(signs, max_size=12)
    rows = st.lists(st.tuples(cell, cell), min_size=1, max_size=6)
    return st.tuples(st.just(encoding), rows)


@settings(deadline=None)
@given(
    st.sampled_from([*OLD, *WIDE]).flatmap(written_in),
    st.sampled_from(";,\t|"),
    st.booleans(),
)
def test_a_table_is_read_back_or_refused(written, delimiter, quoted):
    encoding, cells = written
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)
    writer.writerows([("Titre", "Lieu"), *cells])
    try:
        text = decode(out.getvalue().encode(encoding)).text
    except Refused:
        assert encoding in OLD
        return
    if text != out.getvalue():  # read in another old encoding, or as what was encoded twice
        return
    expected = [
        [pair for pair in zip(("Titre", "Lieu"), row, strict=True) if pair[1].strip()]
        for row in cells
    ]
    assert rows(text) == [pairs for pairs in expected if pairs]
