"""What a session may be: its form, its state, how one signs up, how often it comes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    ON_SITE = "on_site", _("Sur place")
    ONLINE = "online", _("En ligne")
    HYBRID = "hybrid", _("Sur place et en ligne")


class Status(models.TextChoices):
    PLANNED = "planned", _("Rendez-vous prévu")
    POSTPONED = "postponed", _("Rendez-vous reporté")
    CANCELLED = "cancelled", _("Rendez-vous annulé")


class SignUp(models.TextChoices):
    NONE = "none", _("Sans inscription")
    HERE = "here", _("Inscription sur ce site")
    ELSEWHERE = "elsewhere", _("Inscription sur un autre site")


class Repeat(models.TextChoices):
    """How often a session comes back; the day of the week or of the month is that of its start."""

    NEVER = "never", _("Une seule fois")
    WEEKLY = "weekly", _("Chaque semaine")
    FORTNIGHTLY = "fortnightly", _("Une semaine sur deux")
    MONTHLY_DAY = "monthly_day", _("Chaque mois, le même jour de la semaine")
    MONTHLY_DATE = "monthly_date", _("Chaque mois, à la même date")
