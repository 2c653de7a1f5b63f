"""What the agenda adds to the admin: its words in the journal, no page deleted under its guests."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page

from commons.agenda.erasure import announce_erasure, erase_registrations
from commons.agenda.scheduling import awaited

ACTIONS = {
    "agenda.create": _("Crée une séance"),
    "agenda.change": _("Change une séance"),
    "agenda.cancel": _("Annule une séance"),
    "agenda.postpone": _("Reporte une séance"),
    "agenda.restore": _("Rétablit une séance"),
    "agenda.skip": _("Annule une date d’une séance qui se répète"),
    "agenda.delete": _("Supprime une séance"),
    "agenda.capacity": _("Change le nombre de places"),
    "agenda.add_person": _("Inscrit une personne"),
    "agenda.remove_person": _("Désinscrit une personne"),
    "agenda.attendance": _("Note les présences"),
    "agenda.message": _("Écrit aux personnes inscrites"),
    "agenda.export": _("Exporte la liste des personnes inscrites"),
}
AWAITED = _("Des personnes sont inscrites à une séance à venir : annulez d’abord cette séance.")

hooks.register("announce_erasure", announce_erasure)
hooks.register("erase_person", erase_registrations)


@hooks.register("register_log_actions")
def log_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("before_delete_page")
def no_deletion_under_guests(request, page):
    if awaited([page]).exists():
        messages.error(request, AWAITED)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_bulk_action")
def no_deletion_in_bulk_under_guests(request, action_type, objects, action):
    """Members, pictures and documents are deleted in bulk too: they have no place in the tree."""
    if action_type == "delete" and issubclass(action.model, Page) and awaited(objects).exists():
        messages.error(request, AWAITED)
        return redirect("wagtailadmin_home")
    return None
