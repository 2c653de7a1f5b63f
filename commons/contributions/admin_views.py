"""All contributions in the admin, decided or not."""

import django_filters
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from commons.contributions.decision_views import decision_address, kind_name
from commons.contributions.models import UNSENT, Contribution, State
from commons.contributions.queue import decidable_by


def link(contribution: Contribution) -> str:
    """The title, leading to where one reads it and decides."""
    address = decision_address(contribution)
    return format_html('<a href="{}">{}</a>', address, contribution.title)


class QueueFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("État"), choices=[choice for choice in State.choices if choice[0] not in UNSENT]
    )

    class Meta:
        model = Contribution
        fields = ["state"]


class History(ReportView):
    """Every contribution that was sent, by state: what became of each, and a table of them."""

    page_title = _("Toutes les contributions")
    header_icon = "mail"
    model = Contribution
    filterset_class = QueueFilter
    index_url_name = "moderation_history"
    index_results_url_name = "moderation_history_results"
    permission_policy = page_permission_policy
    any_permission_required = ["publish"]
    default_ordering = "-submitted_at"
    list_export = ["title", "kind", "state", "author_name", "submitted_at", "decided_at"]
    columns = [
        Column("title", label=_("Titre"), accessor=link),
        Column("kind", label=_("Genre"), accessor=kind_name, classname="not-on-phones"),
        Column("author_name", label=_("De"), classname="not-on-phones"),
        Column("message", label=_("Message à l’équipe"), classname="not-on-phones"),
        Column("state", label=_("État"), accessor="get_state_display"),
        DateColumn("submitted_at", label=_("Reçue")),
    ]

    def get_queryset(self):
        self.queryset = decidable_by(self.request.user).select_related("page", "author")
        return super().get_queryset()
