"""What machines read of a training or a series: courses and their dates, never how to join.

Types are https://schema.org/Course, CourseInstance and EventStatusType.
"""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from commons.agenda.models import Format, Session, Status
from commons.pages.linked_data import data_block, described, organisation
from commons.pages.text import clean_line
from commons.trainings.models import Series, Training
from commons.trainings.steps import Step

MODES = {Format.ON_SITE: "Onsite", Format.ONLINE: "Online", Format.HYBRID: "Blended"}
STATUSES = {
    Status.PLANNED: "EventScheduled",
    Status.POSTPONED: "EventPostponed",
    Status.CANCELLED: "EventCancelled",
}


def json_ld(page: Training, sessions: Iterable[Session]) -> SafeString:
    """The data block of a training."""
    free = page.price == Training.Price.FREE
    facts = {
        "isAccessibleForFree": free,
        "provider": organisation(page.organiser) if page.organiser else None,
        "coursePrerequisites": clean_line(page.prerequisites),
        "sameAs": page.external_url,
        "hasCourseInstance": [_instance(page, session) for session in sessions],
    }
    return data_block(described(page, "Course", **facts))


def series_json_ld(page: Series, steps: Iterable[Step]) -> SafeString:
    """The data block of a series: the trainings that it is made of."""
    parts = [
        {"@type": "Course", "name": clean_line(step.page.title), "url": step.page.full_url}
        for step in steps
    ]
    return data_block(described(page, "Course", hasPart=parts))


def _instance(page: Training, session: Session) -> dict:
    facts = {
        "@type": "CourseInstance",
        "name": clean_line(f"{page.title} : {session.label}" if session.label else page.title),
        "courseMode": MODES[session.format],
        "startDate": session.local_start.isoformat(),
        "endDate": session.local_end.isoformat(),
        "eventStatus": f"https://schema.org/{STATUSES[session.status]}",
        "inLanguage": session.language,
        "location": _place(session),
    }
    return {name: value for name, value in facts.items() if value}


def _place(session: Session) -> dict | None:
    if session.format == Format.ONLINE:
        return None
    said = [session.place, session.address, session.commune]
    whole = clean_line(", ".join(part for part in said if part))
    return {"@type": "Place", "name": whole, "address": whole} if whole else None
