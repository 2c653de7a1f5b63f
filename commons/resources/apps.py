"""The resources app."""

from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published


class ResourcesConfig(AppConfig):
    name = "commons.resources"
    verbose_name = _("Ressources")

    def ready(self):
        from commons.pages.translation import adopt_locale
        from commons.resources.case_study import Lesson
        from commons.resources.language import file_under_language

        page_published.connect(lambda instance, **_: file_under_language(instance), weak=False)
        pre_save.connect(
            lambda instance, **_: adopt_locale(instance, instance.case_study),
            sender=Lesson,
            weak=False,
        )
