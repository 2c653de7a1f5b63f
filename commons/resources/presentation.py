"""The narrative, the lessons and the start date of a case study, as its page shows them."""

import datetime

from django.utils.formats import date_format

from commons.resources.case_study import NARRATIVE, Lesson


def narrative(case) -> list[tuple[str, str, str]]:
    """(name, label, rich text) of each narrative part of a case study that is not empty."""
    parts = [(name, label, getattr(case, name)) for name, label in NARRATIVE.items()]
    return [part for part in parts if part[2]]


def lessons(case) -> list[tuple[str, list[str]]]:
    """(kind, texts) of the difficulties, solutions and success factors that a case study tells."""
    rows = list(case.lessons.all())
    groups = [(kind.value, [row.text for row in rows if row.kind == kind]) for kind in Lesson.Kind]
    return [group for group in groups if group[1]]


def started(case) -> str:
    """When an initiative started, as far as it is known: « mai 2015 », « 2015 » or nothing."""
    if case.start_year and case.start_month:
        return date_format(datetime.date(case.start_year, case.start_month, 1), "F Y")
    return str(case.start_year or "")
