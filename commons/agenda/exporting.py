"""The list of those registered as a table for a spreadsheet, which executes nothing of it."""

import io

from defusedcsv import csv
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.log_actions import log

from commons.agenda.models import Registration, Session, State
from commons.members.models import Member

EXPORTED = [State.CONFIRMED, State.WAITING]


def rows(session: Session) -> list[list[str]]:
    """A line of headings, then one for each person who has a seat or waits, in order."""
    head = [_("Nom"), _("Adresse e-mail"), _("État"), _("Présence"), _("Inscription le")]
    found = session.registrations.filter(state__in=EXPORTED)
    order = sorted(found, key=lambda r: (r.state != State.CONFIRMED, r.queued_at or r.created_at))
    return [[*head, *session.asked], *(_row(session, registration) for registration in order)]


def as_csv(session: Session) -> bytes:
    """UTF-8 with a mark that spreadsheets know it by; formulas are neutralised."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows(session))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(session: Session) -> bytes:
    """The same as a workbook, whose every cell is a text."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Inscriptions")
    for number, row in enumerate(rows(session), 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"  # « =1+1 » stays what it is
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def note_export(session: Session, *, by: Member, kind: str) -> None:
    """Write in the journal that somebody took the list away."""
    data = {"session": session.pk, "kind": kind}
    log(instance=session.page, action="agenda.export", user=by, data=data)


def _row(session: Session, registration: Registration) -> list[str]:
    came = {True: _("oui"), False: _("non"), None: ""}[registration.attended]
    answers = [str(answer) for answer in registration.answers][: len(session.asked)]
    return [
        registration.name,
        registration.email,
        registration.get_state_display(),
        came,
        date_format(registration.created_at, "Y-m-d"),
        *answers,
        *[""] * (len(session.asked) - len(answers)),
    ]
