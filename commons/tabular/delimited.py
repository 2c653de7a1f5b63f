"""Read delimited text (CSV) as a table; the delimiter is detected from the whole file."""

import csv
import io
import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from commons.refused import Refused
from commons.tabular.table import Row, Table, below_header

DELIMITERS = ";\t,|"  # the first wins when all read alike
LONGEST = 20_000_000  # signs of a cell
# Excel writes and reads this line, which is no row.
SEP_LINE = re.compile(r'\s*"?sep=(.)"?[;,\t|]*[ ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
# LibreOffice may be told to quote with apostrophes.
APOSTROPHES = re.compile(r"\s*'[^'\r\n]*'[;,\t|]")
END = "\ue000"  # a private sign: what stands after the last row


class UnclosedQuoteError(Exception):
    """A quotation mark opened at this line is never closed."""


class Delimited(NamedTuple):
    table: Table
    delimiter: str


def read_delimited(text: str, *, is_header: Callable[[str], bool]) -> Delimited:
    """The table in `text`; raises Refused when no line names columns, or a quote stays open."""
    sep_line = SEP_LINE.match(text)
    candidates = sep_line[1] if sep_line else DELIMITERS
    opened, read = "", []
    for delimiter in candidates:
        if delimiter not in text and delimiter != candidates[0]:
            continue
        try:
            rows = _rows(text, delimiter)
        except UnclosedQuoteError as error:
            opened = opened or str(error)
            continue
        except csv.Error as error:
            raise Refused(_("Le tableau ne peut pas être lu : %s.") % error) from error
        table = below_header(rows[1:] if sep_line else rows, is_header=is_header)
        if table:
            read.append(Delimited(table, delimiter))
    if not read:
        raise Refused(_open(opened) if opened else _no_header(text))
    return max(read, key=lambda one: (sum(map(is_header, one.table.header)), one.table.even))


def _rows(text: str, delimiter: str) -> list[Row]:
    csv.field_size_limit(LONGEST)
    rows, line = [], 1
    reader = csv.reader(
        io.StringIO(f"{text}\n{END}", newline=""),
        delimiter=delimiter,
        quotechar="'" if APOSTROPHES.match(text) else '"',
    )
    for cells in reader:
        rows.append((line, cells))
        line = reader.line_num + 1
    line, cells = rows.pop()
    if cells != [END]:
        raise UnclosedQuoteError(line)
    return rows


def _open(line: str) -> str:
    return _("Un guillemet ouvert à la ligne %s n’est jamais fermé.") % line


def _no_header(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return _("Aucune ligne ne nomme de colonne connue. La première dit : « %s ».") % first[:120]
