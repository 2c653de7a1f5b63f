"""The trainings app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "commons.trainings"
    verbose_name = _("Formations")
