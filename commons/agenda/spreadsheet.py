"""The list of those registered as a table for a spreadsheet, which executes nothing of it."""

import io

from defusedcsv import csv
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.log_actions import log

from commons.agenda.models import Registration, Session, State
from commons.agenda.time_zones import on_clock
from commons.agenda.waiting_list import positions
from commons.members.models import Member
from commons.pages.slugs import slugify

FORMULA = tuple("=+-@|%\t\r\n")
EXPORTED = [State.CONFIRMED, State.WAITING]


def rows(session: Session) -> list[list[str]]:
    """A line of headings, then one for each person who has a seat or waits, in order."""
    head = [_("Nom"), _("Adresse e-mail"), _("État"), _("Rang d’attente")]
    head += [_("Présence"), _("Inscription le")]
    places = positions(session)
    registrations = session.registrations.filter(state__in=EXPORTED)
    order = sorted(
        registrations, key=lambda r: (r.state != State.CONFIRMED, r.queued_at or r.created_at)
    )
    return [
        [*head, *session.asked],
        *(_row(session, registrations, places.get(registrations.pk)) for registrations in order),
    ]


def as_csv(session: Session) -> bytes:
    """UTF-8 with a mark that spreadsheets know it by; formulas are neutralised."""
    text = io.StringIO()
    lines = ([_neutralised(cell) for cell in row] for row in rows(session))
    csv.writer(text, delimiter=";").writerows(lines)
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
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def note_export(session: Session, *, by: Member, kind: str) -> None:
    """Write in the journal that somebody took the list away."""
    data = {"session": session.pk, "kind": kind}
    log(instance=session.page, action="agenda.export", user=by, data=data)


def file_name(session: Session, kind: str) -> str:
    """« inscriptions-fixer-un-prix-2027-03-12.csv »."""
    name = slugify(session.title, fallback="seance")[:80].rstrip("-")
    return f"inscriptions-{name}-{session.local_start:%Y-%m-%d}.{kind}"


def _neutralised(cell: str) -> str:
    """What a spreadsheet would compute becomes a text by an apostrophe before it.

    Done here, since `defusedcsv` would then also change each « | », and lets tabs through.
    """
    return f"'{cell}" if cell[:1] in FORMULA else cell


def _row(session: Session, registration: Registration, place: int | None) -> list[str]:
    came = {True: _("oui"), False: _("non"), None: ""}[registration.attended]
    answers = [str(answer) for answer in registration.answers][: len(session.asked)]
    return [
        registration.name,
        registration.email,
        registration.get_state_display(),
        str(place or ""),
        came,
        f"{on_clock(registration.created_at, session.zone):%Y-%m-%d}",
        *answers,
        *[""] * (len(session.asked) - len(answers)),
    ]
