"""Say when a session is, and what somebody answered to its questions, for their export."""

from django.utils.translation import gettext as _

from commons.agenda.date_formats import span
from commons.agenda.models import Registration, Session


def describe_session(row) -> list[tuple[str, str]]:
    """(label, value) of a session or a registration; nothing for rows of other models."""
    if isinstance(row, Session):
        return [(_("Date et heure"), span(row.local_start, row.local_end))]
    if isinstance(row, Registration):
        answers = zip(row.session.asked, map(str, row.answers), strict=False)
        return [*describe_session(row.session), *answers]
    return []
