"""Dates and times of day in the reader's words, on the clock that they are given in."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def hour(at: datetime.datetime) -> str:
    """« 17 h », « 17 h 30 », in one piece."""
    words = date_format(at, _("G \\h i") if at.minute else _("G \\h"))
    return words.replace(" ", "\u00a0")


def moment(at: datetime.datetime) -> str:
    """« 12 mars 2027, 17 h 30 », on the clock of the site."""
    at = timezone.localtime(at)
    return f"{date_format(at, 'DATE_FORMAT')}, {hour(at)}"
