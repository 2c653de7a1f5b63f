"""Records from a file that people made: CSV, workbook or JSON, in any usual encoding."""

import re
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.pages.text import clean_text
from commons.refused import Refused
from commons.resources.import_columns import (
    LISTS,
    PARAGRAPHS,
    column_of,
    fold,
    is_known_header,
    is_title,
    with_unit,
)
from commons.tabular import delimited, encoding, json_records, workbook
from commons.tabular.table import Pairs

LARGEST = 20_000_000  # bytes
JSON_NAMES = {".json", ".geojson", ".jsonl", ".ndjson"}
DELIMITER_NAMES = {
    ";": gettext_lazy("point-virgule"),
    ",": gettext_lazy("virgule"),
    "\t": gettext_lazy("tabulation"),
    "|": gettext_lazy("barre"),
}
ADDRESS = re.compile(r"(https?:)?//|www\.|[^\s,]+\.[a-z]{2,}(/|$)", re.IGNORECASE)


class Record(NamedTuple):
    """One line of the file: what our columns say, and what came under headers unknown to us."""

    line: int
    fields: dict[str, str]
    others: dict[str, str]


class Reading(NamedTuple):
    """The records of a file, how it was read, and what somebody should look at."""

    records: list[Record]
    how: str
    warnings: list[str]


def read_records(path: Path, *, encoding: str = "") -> Reading:
    """Read the file; raises Refused when it cannot be read or when that is not sure."""
    raw = _bytes(path)
    if workbook.is_workbook(raw):
        table, sheet = workbook.read_workbook(raw, is_header=is_known_header)
        return _reading(table.rows, _("classeur, feuille « %s »") % sheet, table.above, {})
    return _from_text(raw, path.suffix.lower(), encoding)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise Refused(_("Le fichier ne peut pas être lu : %s.") % error.strerror) from error
    if raw is None:
        raise Refused(_("Le fichier dépasse 20 Mo."))
    return raw


def _from_text(raw: bytes, suffix: str, name: str) -> Reading:
    decoded = encoding.decode(raw, encoding=name)
    text = decoded.text
    if not text.strip():
        raise Refused(_("Le fichier est vide."))
    if suffix in JSON_NAMES or text.lstrip().startswith(("{", "[{")):
        rows = json_records.read_json(text, is_title=is_title)
        return _reading(rows, f"JSON, {decoded.encoding}", [], {})
    read = delimited.read_delimited(text, is_header=is_known_header)
    how = _("%(encoding)s, délimiteur : %(delimiter)s") % {
        "encoding": decoded.encoding,
        "delimiter": DELIMITER_NAMES.get(read.delimiter, read.delimiter),
    }
    return _reading(read.table.rows, how, read.table.above, decoded.doubtful)


def _reading(
    rows: list[tuple[int, Pairs]], how: str, above: list[str], doubtful: dict[int, str]
) -> Reading:
    records = [_record(line, pairs) for line, pairs in rows]
    if not any("title" in record.fields for record in records):
        headers = ", ".join(dict.fromkeys(name for _line, pairs in rows for name, _text in pairs))
        raise Refused(_("Aucune ligne n’a de titre. Colonnes lues : %s.") % headers[:300])
    warnings = [_("au-dessus des colonnes, passé : %s") % text[:120] for text in above]
    for line, text in doubtful.items():
        warnings.append(
            _("ligne %(line)s, lettres à vérifier : %(text)s") % {"line": line, "text": text[:120]}
        )
        record = next((one for one in reversed(records) if one.line <= line), None)
        if record:
            record.others[_("encodage")] = _("lettres à vérifier")
    return Reading(records, how, warnings)


def _record(line: int, pairs: Pairs) -> Record:
    """The pairs by column; of two that say the same thing nothing is lost."""
    fields: dict[str, str] = {}
    others: dict[str, str] = {}
    placed = any(column_of(header) == "place" for header, _value in pairs)
    for header, value in pairs:
        text, column = clean_text(value), column_of(header)
        if fold(header) == "adresse" and not ADDRESS.match(text):
            column = None if placed else "place"  # a street, where others write a site
        text = with_unit(column, header, text)
        if not text or (column and fields.get(column) == text):
            continue
        if column and column not in fields:
            fields[column] = text
        elif column in PARAGRAPHS:
            fields[column] += f"\n\n{text}"
        elif column in LISTS:
            fields[column] += f" | {text}"
        else:
            _keep(others, clean_text(header) or _("Sans titre de colonne"), text)
    return Record(line, fields, others)


def _keep(others: dict[str, str], name: str, text: str) -> None:
    """Add `text` under `name`, or under « name (2) » when another text stands there."""
    number, free = 1, name
    while others.get(free, text) != text:
        number += 1
        free = f"{name} ({number})"
    others[free] = text
