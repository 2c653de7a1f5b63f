"""The network app: the agenda and its events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "commons.network"
    verbose_name = _("Réseau")
