"""What lists and feeds say of a series: how many trainings it has, and when the next one is."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from commons.agenda import date_formats
from commons.agenda.card_notes import OFF, main_session
from commons.agenda.presentation import SessionPresenter, sessions_by_key
from commons.pages.card_notes import CardNote
from commons.trainings.curriculum import trainings_of


def card_notes_of(series: Iterable[Page], *, user) -> dict[int, CardNote]:
    """By its number, each series that has a training which `user` may read. At most six queries."""
    trainings = trainings_of(series, user=user)
    pages = [page for own in trainings.values() for page in own]
    sessions = sessions_by_key(pages, user=user, mine={})
    notes = {}
    for one in series:
        keys = [page.translation_key for page in trainings[one.pk]]
        if keys:
            first = main_session([item for key in keys for item in sessions[key]])
            notes[one.pk] = _card_note(one, len(keys), first)
    return notes


def _card_note(series: Page, count: int, first: SessionPresenter | None) -> CardNote:
    when = ngettext("%(total)s formation", "%(total)s formations", count) % {"total": count}
    if first and not first.is_over and first.phase not in OFF:
        when = _("%(trainings)s, la prochaine le %(day)s") % {
            "trainings": when,
            "day": date_formats.day(first.start),
        }
    changed = first.session.updated_at if first else None
    return CardNote(title=series.title, when=when, where="", standing="", changed=changed)
