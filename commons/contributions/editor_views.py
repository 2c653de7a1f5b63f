"""Wagtail's page editor, one writer of a page at a time, and no decision on a proposal in it.

Wagtail reads the page, then writes the whole row: an autosave that began before a publication would
take the page offline again when it ends after it.
"""

from functools import wraps

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from commons.contributions.decision_views import decision_address
from commons.contributions.models import Contribution, contribution_under_moderation
from commons.contributions.moderation import locked_page
from commons.contributions.queue import decidable_by

WRITING = {"edit", "revisions_revert", "unpublish", "workflow_action", "lock", "unlock"}


def decidable_contribution(page, user) -> Contribution | None:
    """The proposal that `page` holds, when `user` may decide on it."""
    contribution = contribution_under_moderation(page) if page is not None and page.pk else None
    if contribution is None or not decidable_by(user).filter(pk=contribution.pk).exists():
        return None
    return contribution


class DecideItem(ActionMenuItem):
    """On a proposal, the editor's first button leads to the page where one decides."""

    name = "moderation-decide"
    label = gettext_lazy("Lire et décider")
    icon_name = "mail"
    order = -1

    def is_shown(self, context):
        return decidable_contribution(context.get("page"), context["request"].user) is not None

    def get_url(self, context):
        contribution = decidable_contribution(context["page"], context["request"].user)
        return decision_address(contribution) if contribution else None


def with_page_lock(view):
    """Run POST requests of `view` under the locks of contribution and page, as decisions do."""

    @wraps(view)
    def locked(request, page_id, **kwargs):
        if request.method != "POST":
            return view(request, page_id=page_id, **kwargs)
        with transaction.atomic():
            # In the order of `moderation.decide`: the contribution, then the page.
            list(Contribution.objects.select_for_update().filter(page_id=page_id))
            try:
                locked_page(page_id)
            except Page.DoesNotExist:
                raise Http404 from None
            return view(request, page_id=page_id, **kwargs)

    return locked


class AutosaveOnlySaves:
    """Treats an autosave request as saving a draft, whatever action the form names."""

    @property
    def action_name_and_method(self):
        if self.expects_json_response:
            return ("save", self.save_action)
        return super().action_name_and_method


class PageEditView(AutosaveOnlySaves, EditView):
    pass


class PageRevertView(AutosaveOnlySaves, RevisionsRevertView):
    pass


class RedirectToDecision:
    """Redirects Wagtail's workflow actions on a proposal to the decision page."""

    def dispatch(self, request, *args, **kwargs):
        belongs = self.task_state.workflow_state.object_id == str(self.object.pk)
        if not belongs or not self.object.permissions_for_user(request.user).can_edit():
            raise Http404
        contribution = contribution_under_moderation(self.object)
        if contribution is None:
            return super().dispatch(request, *args, **kwargs)
        address = decision_address(contribution)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            template = "contributions/admin/decided_elsewhere.html"
            context = {"address": address}
            return render_modal_workflow(
                request, template, None, context, json_data={"step": "action"}
            )
        messages.warning(request, _("Rien n’est décidé : la décision se prend sur cette page."))
        return redirect(address)


class PageActionView(RedirectToDecision, WorkflowActionView):
    pass


class PageActionDataView(RedirectToDecision, CollectWorkflowActionDataView):
    pass


class ModeratedPages(PageViewSet):
    """The views of all pages in the admin."""

    edit_view_class = PageEditView
    revisions_revert_view_class = PageRevertView
    workflow_action_view_class = PageActionView
    collect_workflow_action_data_view_class = PageActionDataView

    def get_view_by_name(self, name):
        view = super().get_view_by_name(name)
        return with_page_lock(view) if name in WRITING else view
