"""The classification app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaxonomyConfig(AppConfig):
    name = "commons.taxonomy"
    verbose_name = _("Classement")
