"""What machines read of a session: schema.org's words for when, where and whether; never the link.

Types are https://schema.org/EventStatusType and EventAttendanceModeEnumeration.
"""

import datetime

from commons.agenda.models import Format, Session, Status
from commons.pages.text import clean_line

MODES = {Format.ON_SITE: "Offline", Format.ONLINE: "Online", Format.HYBRID: "Mixed"}
STATUSES = {
    Status.PLANNED: "EventScheduled",
    Status.POSTPONED: "EventPostponed",
    Status.CANCELLED: "EventCancelled",
}


def dated(
    session: Session,
    start: datetime.datetime | None = None,
    end: datetime.datetime | None = None,
) -> dict:
    """The facts of one session, or of one of its times; what is not known is left out."""
    facts = {
        "startDate": (start or session.local_start).isoformat(),
        "endDate": (end or session.local_end).isoformat(),
        "eventStatus": f"https://schema.org/{STATUSES[Status(session.status)]}",
        "eventAttendanceMode": f"https://schema.org/{MODES[Format(session.format)]}"
        "EventAttendanceMode",
        "location": _place(session),
    }
    return {name: value for name, value in facts.items() if value}


def _place(session: Session) -> dict | None:
    if session.format == Format.ONLINE:
        return None
    parts = [session.place, session.address, session.commune]
    whole = clean_line(", ".join(part for part in parts if part))
    return {"@type": "Place", "name": whole, "address": whole} if whole else None
