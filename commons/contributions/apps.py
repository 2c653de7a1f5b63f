"""The contributions app."""

from django.apps import AppConfig
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "commons.contributions"
    verbose_name = _("Contributions")

    def ready(self):
        from wagtail.models import Page
        from wagtail.signals import page_published

        from commons.contributions import moderation as rules

        page_published.connect(
            lambda instance, revision, **_: rules.record_publication(instance, by=revision.user),
            weak=False,
        )
        pre_delete.connect(
            lambda instance, **_: rules.record_deletion(instance.pk), sender=Page, weak=False
        )
