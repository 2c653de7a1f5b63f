"""The moderators' queue in the admin, and why a decision could not be taken."""

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from commons.contributions import kinds, moderation
from commons.contributions.models import UNSENT, Contribution, State
from commons.pages.admin_doors import works_everywhere


def links(contribution: Contribution) -> str:
    """The title, leading to the page's editor, and the comparisons that exist."""
    if contribution.page_id is None:
        return contribution.title
    page = contribution.page
    ways = [(reverse("wagtailadmin_pages:edit", args=[page.pk]), contribution.title)]
    if page.live:
        compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", "latest"])
        ways.append((compare, gettext("comparer avec la page en ligne")))
    elif contribution.state != State.REFUSED:
        compare = reverse(
            "wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"]
        )
        ways.append((compare, gettext("comparer avec la première version")))
    return format_html_join(mark_safe(" · "), '<a href="{}">{}</a>', ways)


def kind_name(contribution: Contribution) -> str:
    kind = kinds.find(contribution.kind)
    return kind.form.choice if kind else contribution.kind


class QueueFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("État"), choices=[choice for choice in State.choices if choice[0] not in UNSENT]
    )

    class Meta:
        model = Contribution
        fields = ["state"]


def readable(contributions: QuerySet[Contribution], user) -> QuerySet[Contribution]:
    """Those whose pages `user` may judge; without a page, they are for who judges all."""
    if works_everywhere(user):
        return contributions
    judged = page_permission_policy.instances_user_has_permission_for(user, "publish")
    return contributions.filter(page__in=judged)


class Queue(ReportView):
    """Every contribution that was sent; those that wait for a decision first, oldest first."""

    page_title = _("Contributions")
    header_icon = "mail"
    model = Contribution
    filterset_class = QueueFilter
    index_url_name = "moderation_queue"
    index_results_url_name = "moderation_queue_results"
    permission_policy = page_permission_policy
    any_permission_required = ["publish"]
    default_ordering = "submitted_at"
    list_export = ["title", "kind", "state", "author_name", "submitted_at", "decided_at"]
    columns = [
        Column("title", label=_("Titre"), accessor=links),
        Column("kind", label=_("Genre"), accessor=kind_name),
        Column("author_name", label=_("De")),
        Column("message", label=_("Message à l’équipe")),
        Column("state", label=_("État"), accessor="get_state_display"),
        DateColumn("submitted_at", label=_("Reçue")),
    ]

    def get_queryset(self):
        sent = Contribution.objects.exclude(state__in=UNSENT).exclude(submitted_at=None)
        sent = readable(sent, self.request.user)
        self.queryset = sent.select_related("page", "author")
        if not self.request.GET.getlist("state"):
            self.queryset = self.queryset.under_moderation()
        return super().get_queryset()


@require_admin_access
def stale(request):
    """Say why the decision was not taken, then show what waits now."""
    messages.error(request, moderation.STALE)
    return redirect("moderation_queue")
