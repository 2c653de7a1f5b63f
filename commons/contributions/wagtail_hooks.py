"""Wagtail hooks: the moderation queue, messages in the editor, no publication by the author."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.models import Page

from commons.contributions import admin_views, decision_views, moderation
from commons.contributions.description import describe_contribution
from commons.contributions.editor_views import DecideItem, ModeratedPages, decidable_contribution
from commons.contributions.erasure import announce_erasure, erase_contributions
from commons.contributions.models import contribution_under_moderation
from commons.contributions.queue import may_moderate, waiting_count
from commons.pages.admin_home import HomeAction

# What an open editor may still send, other than a draft.
DECIDING_ACTIONS = {
    "action-workflow-action",
    "action-publish",
    "action-submit",
    "action-restart-workflow",
}
hooks.register("announce_erasure", announce_erasure)
hooks.register("erase_person", erase_contributions)
hooks.register("describe_row", describe_contribution)


class QueueMenuItem(MenuItem):
    def is_shown(self, request):
        return may_moderate(request.user)

    def render_component(self, request):
        item, number = super().render_component(request), waiting_count(request.user)
        item.label = f"{item.label} ({number})" if number else item.label
        return item


@hooks.register("register_admin_urls")
def urls():
    history, one = admin_views.History, "relecture/<int:contribution_id>/"
    return [
        path("relecture/", decision_views.QueueView.as_view(), name="moderation_queue"),
        path(one, decision_views.DecisionView.as_view(), name="moderation_decision"),
        path(f"{one}apercu/", decision_views.preview, name="moderation_preview"),
        path("relecture/toutes/", history.as_view(), name="moderation_history"),
        path(
            "relecture/toutes/resultats/",
            history.as_view(results_only=True),
            name="moderation_history_results",
        ),
        path("contributions/", RedirectView.as_view(pattern_name="moderation_queue")),
    ]


@hooks.register("register_admin_viewset")
def page_views():
    return ModeratedPages()


@hooks.register("register_admin_menu_item")
def menu_item():
    label = gettext_lazy("Propositions")
    return QueueMenuItem(label, reverse("moderation_queue"), icon_name="mail", order=150)


@hooks.register("register_page_action_menu_item")
def decide_item():
    return DecideItem()


@hooks.register("construct_page_action_menu")
def remove_moderation_actions(menu_items, request, context):
    """Remove from a proposal's menu the actions that would bypass the decision page."""
    page = context.get("page")
    if page is not None and contribution_under_moderation(page) is not None:
        around = {"action-publish", "action-cancel-workflow", "action-restart-workflow"}
        around.add("action-submit")
        menu_items[:] = [item for item in menu_items if item.name not in around]


@hooks.register("construct_homepage_panels")
def remove_moderation_panel(request, panels):
    """Wagtail's table of what awaits a review offers its own decisions: the queue stands for it."""
    panels[:] = [p for p in panels if not isinstance(p, WorkflowObjectsToModeratePanel)]


@hooks.register("register_home_action")
def read_proposals(user):
    if not may_moderate(user):
        return None
    return HomeAction(
        label=_("Propositions à lire"),
        description=_("Ce que des personnes proposent, et qui attend votre décision."),
        url=reverse("moderation_queue"),
        icon="mail",
        order=30,
        count=waiting_count(user),
    )


@hooks.register("before_edit_page")
def refuse_stale_edit(request, page):
    """On GET, link to the decision page; on POST, refuse to publish over a newer version."""
    contribution = contribution_under_moderation(page)
    if contribution is None:
        return None
    if request.method == "GET":
        if request.accepts("text/html") and not request.headers.get("x-requested-with"):
            add_decision_message(request, contribution)
        return None
    read = request.POST.get("overwrite_revision_id") or request.POST.get("loaded_revision_id")
    if DECIDING_ACTIONS & set(request.POST) and read and read != str(page.latest_revision_id):
        messages.error(request, moderation.STALE)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def add_decision_message(request, contribution):
    sentence = _("Proposition de %(name)s. %(state)s.") % {
        "name": contribution.author_name,
        "state": contribution.get_state_display(),
    }
    if decidable_contribution(contribution.page, request.user):
        address, label = decision_views.decision_address(contribution), _("Lire et décider")
        sentence = format_html('{} <a href="{}">{}</a>', sentence, address, label)
    messages.info(request, sentence)


@hooks.register("after_edit_page")
def redirect_to_decision(request, page):
    """Redirect a decision sent by an outdated editor: the text is saved, nothing is decided."""
    contribution = decidable_contribution(page, request.user)
    if contribution is None or "action-workflow-action" not in request.POST:
        return None
    sentence = _(
        "Votre texte est enregistré. Rien n’est décidé : la décision se prend sur cette page."
    )
    messages.warning(request, sentence)
    return redirect("moderation_decision", contribution.pk)


@hooks.register("before_publish_page")
def no_publication_of_ones_own(request, page):
    """Also when it is scheduled: Wagtail asks this hook before both."""
    if moderation.is_own_proposal(page, request.user):
        messages.error(request, _("Une autre personne doit publier votre texte."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_bulk_action")
def no_publication_in_bulk(request, action_type, objects, action):
    """Refuse to publish pages in bulk when some of them are proposals under moderation."""
    if action_type != "publish" or not issubclass(action.model, Page):
        return None
    below = "include_descendants" in request.POST
    if moderation.proposals_among(objects, below=below):
        sentence = _("Des propositions attendent parmi ces pages : décidez d’abord de chacune.")
        messages.error(request, sentence)
        return redirect("moderation_queue" if may_moderate(request.user) else "wagtailadmin_home")
    return None
