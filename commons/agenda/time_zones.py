"""The time zones that sessions may be in: where the network's people live."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Zone(models.TextChoices):
    """Names of the IANA database; one for each clock that differs now."""

    PARIS = "Europe/Paris", _("France métropolitaine")
    BRUSSELS = "Europe/Brussels", _("Belgique")
    ZURICH = "Europe/Zurich", _("Suisse")
    LUXEMBOURG = "Europe/Luxembourg", _("Luxembourg")
    BERLIN = "Europe/Berlin", _("Allemagne")
    BUDAPEST = "Europe/Budapest", _("Hongrie")
    ALGIERS = "Africa/Algiers", _("Algérie")
    MARTINIQUE = "America/Martinique", _("Guadeloupe, Martinique")
    CAYENNE = "America/Cayenne", _("Guyane")
    REUNION = "Indian/Reunion", _("La Réunion")
    MAYOTTE = "Indian/Mayotte", _("Mayotte")
    MIQUELON = "America/Miquelon", _("Saint-Pierre-et-Miquelon")
    TAHITI = "Pacific/Tahiti", _("Polynésie française")
    NOUMEA = "Pacific/Noumea", _("Nouvelle-Calédonie")
    UTC = "UTC", _("Temps universel")


def on_clock(at: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """`at` on the clock of a place; as it is at either end of time, where no clock goes."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at
