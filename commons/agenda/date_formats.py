"""Days, hours and rhythms in the reader's words, always on the clock of the place.

The templates' own `date` would put every time on the clock of the site.
"""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.agenda.models import Repeat, Session, Status
from commons.agenda.nights import is_night
from commons.pages.dates import hour

RANKS = [
    gettext_lazy("premier"),
    gettext_lazy("deuxième"),
    gettext_lazy("troisième"),
    gettext_lazy("quatrième"),
]


def day(at: datetime.date) -> str:
    """« mardi 12 mars 2027 »."""
    return date_format(at, _("l j\\e\\r F Y") if at.day == 1 else "l j F Y")


def rhythm(session: Session) -> str:
    """« Chaque semaine, le mardi »; empty for a session that takes place once."""
    start = session.local_start
    last = start.day > 28
    values = {
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
    return sentences[session.repeat] % values if session.repeat in sentences else ""


def ending(end: datetime.datetime, start: datetime.datetime) -> str:
    """« 19 h », « 1 h (le lendemain) » of a night; the last day too of what takes several."""
    return _hour_of_end(start, end) or f"{day(end)}, {hour(end)}"


def hours(start: datetime.datetime, end: datetime.datetime) -> str:
    """« 17 h – 19 h » of each time; « 18 h – dimanche, 17 h » of what takes several days."""
    last = _hour_of_end(start, end) or f"{date_format(end, 'l')}, {hour(end)}"
    return f"{hour(start)} – {last}"


def span(start: datetime.datetime, end: datetime.datetime) -> str:
    """« mardi 12 mars 2027, 17 h – 19 h »; the last day too when it is another."""
    return f"{day(start)}, {hour(start)} – {ending(end, start)}"


def _hour_of_end(start: datetime.datetime, end: datetime.datetime) -> str:
    """Nothing when the day must be told with it."""
    if start.date() == end.date():
        return hour(end)
    if not is_night(start, end):
        return ""
    if end.time() == datetime.time.min:
        return _("minuit")
    return _("%(hour)s (le lendemain)") % {"hour": hour(end)}


def announced(session: Session, title: str) -> str:
    """`title`, after what calendars and feeds would not show otherwise.

    Nouns, since it may be a market, a fair or a webinar.
    """
    values = {"title": title}
    if session.status == Status.CANCELLED:
        return _("Annulation : %(title)s") % values
    if session.status == Status.POSTPONED:
        return _("Report : %(title)s") % values
    return title


def off(session: Session) -> str:
    """« Rendez-vous annulé »; empty when it takes place as planned."""
    sentences = {
        Status.CANCELLED: _("Rendez-vous annulé"),
        Status.POSTPONED: _("Rendez-vous reporté"),
    }
    return sentences.get(session.status, "")


def called_off(session: Session) -> str:
    """The same with the reason: « Rendez-vous annulé : pluie annoncée »."""
    what = off(session)
    if what and session.status_note:
        return _("%(what)s : %(why)s") % {"what": what, "why": session.status_note}
    return what
