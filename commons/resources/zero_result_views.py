"""Searches without result, shown to editors, with one click to start the question."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from commons.resources.zero_result_queries import library_of, start_question
from search.models import Gap


class StartColumn(Column):
    """A button that starts the question; a form, since it writes."""

    cell_template_name = "resources/admin/start_question.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


def last_day(gap: Gap) -> str:
    """The date without a time: a relative « il y a 11 heures » would count from midnight."""
    return date_format(gap.last_on)


class Gaps(ReportView):
    """The most frequent search queries without results."""

    page_title = _("Recherches sans réponse")
    header_icon = "search"
    model = Gap
    index_url_name = "search_gaps"
    index_results_url_name = "search_gaps_results"
    permission_policy = page_permission_policy
    any_permission_required = ["add", "publish"]
    default_ordering = "-times"
    list_export = ["words", "language", "times", "first_on", "last_on"]
    columns = [
        Column("words", label=_("Mots cherchés"), sort_key="words"),
        Column("language", label=_("Langue"), classname="not-on-phones"),
        Column("times", label=_("Fois"), sort_key="times"),
        Column(
            "last_on",
            label=_("Dernière fois"),
            accessor=last_day,
            sort_key="last_on",
            classname="not-on-phones",
        ),
        StartColumn("start", label=_("Répondre"), accessor="pk"),
    ]


@require_admin_access
@require_POST
def start(request, pk):
    gap = get_object_or_404(Gap, pk=pk)
    library = library_of(gap)
    if library is None or not library.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    page = start_question(gap, library, author=request.user)
    messages.success(request, gettext("Le brouillon est ouvert : écrivez la réponse courte."))
    return redirect("wagtailadmin_pages:edit", page.pk)
