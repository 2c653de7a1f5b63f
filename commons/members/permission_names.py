"""Names of permissions in French: rows that Django and Wagtail write in English."""

import re

from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils.translation import override

VERBS = {"add": "Ajouter", "change": "Modifier", "delete": "Supprimer", "view": "Voir"}
NAMED = {
    "wagtailcore.add_page": "Ajouter des pages, et modifier les siennes",
    "wagtailcore.bulk_delete_page": "Supprimer des pages qui en contiennent d’autres",
    "wagtailcore.change_page": "Modifier toutes les pages",
    "wagtailcore.lock_page": "Verrouiller les pages, et déverrouiller celles qu’on a verrouillées",
    "wagtailcore.publish_page": "Publier toutes les pages",
    "wagtailcore.unlock_page": "Déverrouiller toutes les pages",
    "wagtailadmin.access_admin": "Entrer dans l’administration",
    "wagtail_localize.submit_translation": "Demander des traductions",
}
ENGLISH = re.compile(r"Can (add|change|delete|view) (.*)")


def name_in_french() -> None:
    """Rename what is still in English; a name that somebody wrote stays."""
    english = Permission.objects.filter(name__startswith="Can ").select_related("content_type")
    for permission in english:
        match = ENGLISH.fullmatch(permission.name)
        model = permission.content_type.model_class()
        if match and model:
            with override(settings.LANGUAGE_CODE):  # `migrate` speaks no language
                permission.name = f"{VERBS[match[1]]} : {model._meta.verbose_name}"[:255]
            permission.save(update_fields=["name"])
    for label, name in NAMED.items():
        app, codename = label.split(".")
        Permission.objects.filter(content_type__app_label=app, codename=codename).update(name=name)
