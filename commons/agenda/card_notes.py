"""Of a dated page's sessions, the one that a list tells of, and what it says of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from wagtail.models import Page

from commons.agenda import date_formats
from commons.agenda.availability import Phase
from commons.agenda.ics import where
from commons.agenda.presentation import SessionPresenter, sessions_by_key
from commons.pages.card_notes import CardNote

OFF = {Phase.CANCELLED, Phase.POSTPONED}


def card_notes_of(pages: Iterable[Page], *, user) -> dict[int, CardNote]:
    """What lists and feeds say of each dated page that has a session, by its number.

    At most three queries.
    """
    pages = list(pages)
    sessions = sessions_by_key(pages, user=user, mine={})
    chosen = {page.pk: main_session(sessions[page.translation_key]) for page in pages}
    return {page.pk: _card_note(page, chosen[page.pk]) for page in pages if chosen[page.pk]}


def main_session(sessions: Iterable[SessionPresenter]) -> SessionPresenter | None:
    """The one that a list tells of: on or next as planned; else put off or called off; else the
    last one that can be seen again; else the last."""
    ahead = [item for item in sessions if not item.is_over]
    planned = [item for item in ahead if item.phase not in OFF]
    first = min([*planned] or [*ahead], key=lambda item: item.start, default=None)
    over = sorted((i for i in sessions if i.is_over), key=lambda item: item.start, reverse=True)
    replays = [item for item in over if item.phase == Phase.REPLAY]
    return first or next(iter([*replays, *over]), None)


def _card_note(page: Page, item: SessionPresenter) -> CardNote:
    session = item.session
    if item.is_over:
        when = _("A eu lieu le %(day)s") % {"day": date_formats.day(item.start)}
    else:
        when = date_formats.span(item.start, item.end)
        if session.tells_zone:
            when += f" ({session.get_time_zone_display()})"
    return CardNote(
        title=date_formats.announced(session, page.title),
        when=when,
        where="" if item.is_over else where(session),
        standing=_status(item),
        changed=session.updated_at,
    )


def _status(item: SessionPresenter) -> str:
    sentences = {
        Phase.FULL: _("Complet : inscription sur liste d’attente"),
        Phase.CLOSED: _("Les inscriptions sont closes"),
        Phase.UNDER_WAY: _("En ce moment"),
        Phase.REPLAY: _("En rediffusion"),
    }
    return date_formats.called_off(item.session) or sentences.get(item.phase, "")
