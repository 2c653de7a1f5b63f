"""The resources app."""

from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "commons.resources"
    verbose_name = _("Ressources")

    def ready(self):
        from commons.pages.translation import adopt_locale
        from commons.resources.case_study import Lesson

        pre_save.connect(
            lambda instance, **_: adopt_locale(instance, instance.case_study),
            sender=Lesson,
            weak=False,
        )
