"""Days, hours and rhythms in the reader's words, always on the clock of the place.

The templates' own `date` would put every time on the clock of the site.
"""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.agenda.models import Repeat, Session

RANKS = [
    gettext_lazy("premier"),
    gettext_lazy("deuxième"),
    gettext_lazy("troisième"),
    gettext_lazy("quatrième"),
]


def day(at: datetime.date) -> str:
    """« mardi 12 mars 2027 »."""
    return date_format(at, _("l j\\e\\r F Y") if at.day == 1 else "l j F Y")


def hour(at: datetime.datetime) -> str:
    """« 17 h », « 17 h 30 », in one piece."""
    words = date_format(at, _("G \\h i") if at.minute else _("G \\h"))
    return words.replace(" ", "\u00a0")


def rhythm(session: Session) -> str:
    """« Chaque semaine, le mardi »; empty for a session that takes place once."""
    start = session.local_start
    last = start.day > 28
    said = {
        "day": date_format(start, "l"),
        "rank": "" if last else RANKS[(start.day - 1) // 7],
        "number": start.day,
    }
    sentences = {
        Repeat.WEEKLY: _("Chaque semaine, le %(day)s"),
        Repeat.FORTNIGHTLY: _("Une semaine sur deux, le %(day)s"),
        Repeat.MONTHLY_DAY: _("Chaque mois, le dernier %(day)s")
        if last
        else _("Chaque mois, le %(rank)s %(day)s"),
        Repeat.MONTHLY_DATE: _("Chaque mois, le %(number)s, ou le dernier jour du mois")
        if last
        else _("Chaque mois, le %(number)s"),
    }
    return sentences[session.repeat] % said if session.repeat in sentences else ""
