"""Workbooks give the values as people write them."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from commons.refused import Refused
from commons.resources.import_columns import is_known_header
from commons.tabular.workbook import is_workbook, read_workbook

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
  xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Fiches">%s</table:table>
</office:spreadsheet></office:body></office:document-content>"""

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""


def xlsx(*rows, before=()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in before:
        sheet.append(row)
    if before:
        sheet = book.create_sheet("Fiches")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(*rows) -> bytes:
    def cell(text):
        typed = 'table:table-cell office:value-type="string"'
        return f"<{typed}><text:p>{text}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS % body)
    return out.getvalue()


def test_values_keep_their_meaning():
    header = ["Titre", "Date", "Budget", "Adhérents", "Actif", None]
    raw = xlsx(
        ["Recensement 2024"],
        [],
        header,
        ["Le casier", datetime.date(2015, 3, 1), 1234.5, 12.0, True, "sans titre"],
        ["La ferme", "mai 2015", "1,125 M€", 1.125, False, None],
    )
    assert is_workbook(raw)
    table, sheet = read_workbook(raw, is_header=is_known_header)
    assert (sheet, table.above) == ("Sheet", ["Recensement 2024"])
    first, second = (dict(pairs) for _line, pairs in table.rows)
    assert list(first.values()) == [
        *("Le casier", "2015-03-01", "1234,5", "12", "oui", "sans titre"),
    ]
    assert (second["Budget"], second["Adhérents"], second["Actif"]) == ("1,125 M€", "1,125", "non")
    assert [line for line, _pairs in table.rows] == [4, 5]


def test_the_first_sheet_that_names_columns_is_read():
    raw = xlsx(["Titre", "Lieu"], ["Le casier", "Uzès"], before=[["Mode d’emploi"]])
    assert read_workbook(raw, is_header=is_known_header)[1] == "Fiches"


def test_the_same_header_twice_stays_twice():
    for raw in (
        xlsx(["Titre", "Note", "Note"], ["A", "UN", "DEUX"]),
        ods(["Titre", "Note", "Note"], ["A", "UN", "DEUX"]),
    ):
        table, _sheet = read_workbook(raw, is_header=is_known_header)
        assert table.rows[0][1] == [("Titre", "A"), ("Note", "UN"), ("Note", "DEUX")]


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_a_broken_workbook_is_refused_in_one_line(raw):
    with pytest.raises(Refused) as refusal:
        read_workbook(raw, is_header=is_known_header)
    assert "\n" not in str(refusal.value)


def test_an_ods_whose_table_never_ends_is_refused():
    whole = ods(["Titre", "Lieu"], ["A", "B"])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        content = archive.read("content.xml").replace(b"</table:table>", b"</table:tablf>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    with pytest.raises(Refused, match="mismatched tag"):
        read_workbook(out.getvalue(), is_header=is_known_header)


def test_a_workbook_without_known_columns_is_refused():
    with pytest.raises(Refused, match="colonne connue"):
        read_workbook(xlsx(["a", "b"], [1, 2]), is_header=is_known_header)


def test_a_document_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Refused):
        read_workbook(out.getvalue(), is_header=is_known_header)


def test_a_small_xlsx_that_would_fill_the_memory_is_refused():
    """What one letter fills weighs two hundred kilobytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"A" * 210_000_000)
    with pytest.raises(Refused, match="trop grand"):
        read_workbook(raw.getvalue(), is_header=is_known_header)
