"""The search app, which indexes pages and names no page type."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Recherche")

    def ready(self):
        """Wagtail offers nothing but signals to hear of every way in which a page changes."""
        from wagtail.models import get_page_models
        from wagtail.signals import post_page_move

        from search import admin_index, config, contract, index  # noqa: F401
        from search.embedded import documents
        from search.models import Acronym, Document

        def page_saved(sender, instance, raw=False, update_fields=None, **kwargs):
            if not raw:
                index.page_saved(instance, update_fields)

        admin_index.disconnect_cascade()
        for model in get_page_models():
            post_save.connect(page_saved, sender=model, weak=False)
        post_page_move.connect(lambda sender, **_: contract.update_paths(), weak=False)
        post_delete.connect(
            lambda instance, **_: documents.document_deleted(instance.pk),
            sender=Document,
            weak=False,
        )
        pre_save.connect(
            lambda instance, **_: index.mark_acronym_stale(instance), sender=Acronym, weak=False
        )
        for signal in (post_save, post_delete):
            signal.connect(
                lambda instance, **_: index.refresh_acronyms([instance]), sender=Acronym, weak=False
            )
