"""The agenda for other programs, and proposals of events; pages are Wagtail's."""

from django.urls import re_path
from django.utils.translation import gettext_lazy as _

from commons.contributions.urls import proposals
from commons.network import feeds
from commons.network.contribution_forms import EventForm
from commons.network.models import AgendaPage
from commons.pages.section_addresses import under_section

urlpatterns = [
    under_section(
        AgendaPage,
        _("se-mettre-en-reseau/agenda/proposer/"),
        proposals(AgendaPage, EventForm),
    ),
    re_path(r"^(?P<path>[\w/-]+)\.ics$", feeds.agenda_calendar, name="agenda_calendar"),
    re_path(r"^(?P<path>[\w-]+/[\w-]+)/flux\.xml$", feeds.agenda_feed, name="agenda_feed"),
]
