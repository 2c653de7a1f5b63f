"""A sheet of a workbook (xlsx, xls, ods) as a table, with its values as people write them."""

import datetime
import io
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from commons.refused import Refused
from commons.tabular.table import Table, below_header

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
CONTENT = "content.xml"  # of an OpenDocument
LARGEST = 200_000_000  # bytes of a whole workbook, unpacked
MOST_CELLS = 2_000_000


def is_workbook(raw: bytes) -> bool:
    return raw.startswith(SIGNATURES)


def read_workbook(raw: bytes, *, is_header: Callable[[str], bool]) -> tuple[Table, str]:
    """The first sheet that names columns, and its name; raises Refused when there is none."""
    try:
        _check_whole(raw)
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height * sheet.width > MOST_CELLS:
                raise Refused(_("La feuille « %s » est trop grande.") % name)
            rows = [
                (number, [_cell(value) for value in values])
                for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1)
            ]
            table = below_header(rows, is_header=is_header)
            if table:
                return table, name
    except (CalamineError, OSError, zipfile.BadZipFile, expat.ExpatError) as error:
        reason = " ".join(str(error).split())[:200]
        raise Refused(_("Le classeur ne peut pas être lu : %s.") % reason) from error
    raise Refused(_("Aucune feuille ne nomme de colonne connue."))


def _check_whole(raw: bytes) -> None:
    """Raise an error for what would fill the memory once unpacked, and for an ods whose XML is
    broken: calamine 0.9 would read it for ever.
    """
    if not raw.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
            raise zipfile.BadZipFile(_("il est trop grand"))
        if CONTENT in archive.namelist():
            expat.ParserCreate().Parse(archive.read(CONTENT), True)


def decimal_comma(value: float) -> str:
    """The number as French writes it: nobody then takes « 1,125 » for thousands."""
    return f"{value:.15g}".replace(".", ",")


def _cell(value) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return decimal_comma(value)
    if isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return str(value)
