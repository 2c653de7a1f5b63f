"""What machines read of a training or a series: courses and their dates, never how to join.

Types are https://schema.org/Course and CourseInstance.
"""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from commons.agenda.json_ld import dated
from commons.agenda.models import Format, Session
from commons.pages.json_ld import data_block, described, organisation
from commons.pages.text import clean_line
from commons.trainings.curriculum import Step
from commons.trainings.models import Series, Training

MODES = {Format.ON_SITE: "Onsite", Format.ONLINE: "Online", Format.HYBRID: "Blended"}


def json_ld(page: Training, sessions: Iterable[Session]) -> SafeString:
    """The data block of a training."""
    free = page.price == Training.Price.FREE
    facts = {
        "isAccessibleForFree": free,
        "provider": organisation(page.organised_by) if page.organised_by else None,
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
    name = f"{page.title} : {session.label}" if session.label else page.title
    facts = {"@type": "CourseInstance", "name": clean_line(name), "inLanguage": session.language}
    return {**facts, "courseMode": MODES[Format(session.format)], **dated(session)}
