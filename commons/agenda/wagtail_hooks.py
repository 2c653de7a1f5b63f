"""What the agenda adds to the admin: dates, its journal, no page deleted under its guests."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from commons.agenda import new_date_views
from commons.agenda.description import describe_session
from commons.agenda.erasure import announce_erasure, erase_registrations
from commons.agenda.permissions import sessions_organised_by
from commons.agenda.scheduling import sessions_with_attendees
from commons.pages.admin_home import HomeAction

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
HAS_ATTENDEES = _(
    "Des personnes sont inscrites à une séance à venir : annulez d’abord cette séance."
)

hooks.register("announce_erasure", announce_erasure)
hooks.register("erase_person", erase_registrations)
hooks.register("describe_row", describe_session)


@hooks.register("register_log_actions")
def log_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("before_delete_page")
def refuse_deletion(request, page):
    if sessions_with_attendees([page]).exists():
        messages.error(request, HAS_ATTENDEES)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_bulk_action")
def refuse_bulk_deletion(request, action_type, objects, action):
    """Members, pictures and documents are deleted in bulk too: they have no place in the tree."""
    if (
        action_type == "delete"
        and issubclass(action.model, Page)
        and sessions_with_attendees(objects).exists()
    ):
        messages.error(request, HAS_ATTENDEES)
        return redirect("wagtailadmin_home")
    return None


@hooks.register("register_admin_urls")
def urls():
    return [path("nouvelle-date/", new_date_views.new_date, name="new_date")]


@hooks.register("register_home_action")
def add_a_date(user):
    if not page_permission_policy.user_has_any_permission(user, ["add"]):
        return None
    return HomeAction(
        label=gettext("Ajouter une date"),
        description=gettext("Une formation, un marché, une rencontre."),
        url=reverse("new_date"),
        icon="calendar-alt",
        order=20,
    )


@hooks.register("register_home_action")
def sessions_i_organise(user):
    if not sessions_organised_by(user).exists():
        return None
    return HomeAction(
        label=gettext("Séances que j’organise"),
        description=gettext("Qui vient, écrire aux personnes inscrites, noter les présences."),
        url=reverse("organised_sessions"),
        icon="group",
        order=60,
    )
