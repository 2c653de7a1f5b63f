"""The roof: start-up guards, compiled catalogues, and commands that name every package."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class CommonsConfig(AppConfig):
    name = "commons"

    def ready(self):
        from commons import start
        from commons.catalogue import compile_catalogues

        compile_catalogues()
        register(start.check_settings, Tags.security)
        register(start.check_accounts, Tags.security, Tags.database)
