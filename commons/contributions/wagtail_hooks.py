"""What contributions add to the admin: the queue, whose text it is, no approval of one's own."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem

from commons.contributions import admin_views, moderation
from commons.contributions.queue import may_moderate, waiting_for


class QueueMenuItem(MenuItem):
    def is_shown(self, request):
        return may_moderate(request.user)


class WaitingPanel(SummaryItem):
    """How many contributions wait for a decision; not those that wait for their authors."""

    order = 50
    template_name = "contributions/admin_summary.html"

    def get_context_data(self, parent_context):
        return {
            "waiting": waiting_for(self.request.user),
            "address": reverse("moderation_queue"),
        }

    def is_shown(self):
        return may_moderate(self.request.user)


@hooks.register("register_admin_urls")
def urls():
    queue = admin_views.Queue
    return [
        path("relecture/", queue.as_view(), name="moderation_queue"),
        path(
            "relecture/results/",
            queue.as_view(results_only=True),
            name="moderation_queue_results",
        ),
        path("contributions/", RedirectView.as_view(pattern_name="moderation_queue")),
        path("contributions/change/", admin_views.stale, name="contribution_stale"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item():
    label = gettext_lazy("Contributions")
    return QueueMenuItem(label, reverse("moderation_queue"), icon_name="mail", order=150)


@hooks.register("construct_page_action_menu")
def only_decisions(menu_items, request, context):
    """On a proposal: ask for changes, refuse, accept. The rest would go round its author."""
    page = context.get("page")
    if page is not None and moderation.proposed(page) is not None:
        around = {"action-publish", "action-cancel-workflow"}
        menu_items[:] = [item for item in menu_items if item.name not in around]


@hooks.register("construct_homepage_summary_items")
def summary(request, items):
    items.append(WaitingPanel(request))


@hooks.register("before_edit_page")
def show_whose_it_is(request, page):
    """Reading, say whose text it is; deciding, stop what would overwrite a version unread."""
    contribution = moderation.proposed(page)
    if contribution is None:
        return None
    if request.method == "GET" and not request.headers.get("x-requested-with"):
        messages.info(request, moderation.introduction(contribution))
    deciding = {"action-workflow-action", "action-publish"} & set(request.POST)
    read = request.POST.get("overwrite_revision_id") or request.POST.get("loaded_revision_id")
    if deciding and read and read != str(page.latest_revision_id):
        messages.error(request, moderation.STALE)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_publish_page")
def no_publication_of_ones_own(request, page):
    """Also when it is scheduled: Wagtail asks this hook before both."""
    if moderation.is_own_proposal(page, request.user):
        messages.error(request, _("Une autre personne doit publier votre texte."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_bulk_action")
def no_publication_of_ones_own_in_bulk(request, action_type, objects, _action):
    """Nor with a page above it, when all that is below is taken along."""
    if action_type != "publish":
        return None
    own = any(moderation.is_own_proposal(page, request.user) for page in objects)
    if own or (
        "include_descendants" in request.POST
        and moderation.holds_own_proposal(objects, request.user)
    ):
        messages.error(request, _("Une autre personne doit publier votre texte."))
        return redirect("wagtailadmin_home")
    return None
