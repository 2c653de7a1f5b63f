"""The agenda app: dated sessions, registrations, the waiting list, calendars."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "commons.agenda"
    verbose_name = _("Séances et inscriptions")
