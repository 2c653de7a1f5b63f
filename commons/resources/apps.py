"""The resources app."""

from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "commons.resources"
    verbose_name = _("Ressources")

    def ready(self):
        from wagtail.models import get_page_models

        from commons.pages.models import ContributedPage
        from commons.pages.translation import adopt_locale
        from commons.resources.case_study import Lesson
        from commons.resources.language import file_under_language

        def file_before_saving(instance, raw=False, update_fields=None, **kwargs):
            if not raw:
                file_under_language(instance, only=update_fields)

        for model in get_page_models():
            if issubclass(model, ContributedPage):
                pre_save.connect(file_before_saving, sender=model, weak=False)
        pre_save.connect(
            lambda instance, **_: adopt_locale(instance, instance.case_study),
            sender=Lesson,
            weak=False,
        )
