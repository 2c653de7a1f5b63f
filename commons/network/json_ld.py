"""What machines read of an event: schema.org in JSON-LD (https://schema.org/Event)."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from commons.agenda.json_ld import dated
from commons.agenda.presentation import SessionPresenter
from commons.network.models import Event
from commons.pages.json_ld import data_block, described, organisation


def json_ld(page: Event, sessions: Iterable[SessionPresenter]) -> SafeString:
    """The data block of an event, with its next date."""
    facts = {"organizer": organisation(page.organiser) if page.organiser else None}
    first = next(iter(sessions), None)
    date = dated(first.session, first.start, first.end) if first else {}
    return data_block(described(page, "Event", **facts, **date))
