"""The roof: start-up guards, what empties the page cache, commands that name every package."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import m2m_changed, post_delete, post_save


class CommonsConfig(AppConfig):
    name = "commons"

    def ready(self):
        from wagtail.signals import post_page_move

        from commons import startup_checks
        from commons.cache_invalidation import row_written

        startup_checks.make_var_dir()
        register(startup_checks.check_settings, Tags.security)
        register(startup_checks.check_translations, Tags.translation)
        register(startup_checks.check_accounts, Tags.security, Tags.database)

        def saved(sender, instance, created, update_fields, **kwargs):
            row_written(sender, instance, created=created, fields=update_fields)

        post_save.connect(saved, weak=False)
        for signal in (post_delete, m2m_changed, post_page_move):
            signal.connect(lambda sender, **kwargs: row_written(sender), weak=False)
