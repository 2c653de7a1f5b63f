"""*Pages à relire*: a report in the admin, and one button a page to say that it was read."""

import datetime

import django_filters
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import F
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from commons.pages.reviewing import SOON_DAYS, mark_reviewed, published_for
from commons.refused import Refused
from commons.taxonomy.models import Term, Vocabulary

DUE, OVERDUE, NEVER, ALL = "due", "overdue", "never", "all"


class ReviewFilter(WagtailFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("Quand"),
        empty_label=_("Date passée ou dans les 30 jours"),
        choices=[
            (OVERDUE, _("Date passée")),
            (NEVER, _("Jamais relue, sans date")),
            (ALL, _("Toutes les pages")),
        ],
        method="by_date",
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Thème"),
        field_name="classifications__term",
        queryset=lambda request: Term.objects.canonical().filter(vocabulary=Vocabulary.THEME),
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Responsable"),
        queryset=lambda request: (
            get_user_model()
            .objects.filter(pk__in=Page.objects.order_by().values("owner"))
            .order_by("display_name")
        ),
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def by_date(self, pages, name, value):
        today = timezone.localdate()
        if value == OVERDUE:
            return pages.filter(next_review__lt=today)
        if value == NEVER:
            return pages.filter(reviewed=None, next_review=None)
        return pages

    def filter_queryset(self, queryset):
        if not self.form.cleaned_data.get("when"):
            limit = timezone.localdate() + datetime.timedelta(days=SOON_DAYS)
            queryset = queryset.filter(next_review__lte=limit)
        return super().filter_queryset(queryset)


class ReviewedColumn(Column):
    """The button that says « relue aujourd’hui »; a form, since it writes."""

    cell_template_name = "pages/admin/mark_reviewed.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(parent_context["request"])}


def title_link(page: Page) -> str:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return format_html('<a href="{}"><b>{}</b></a>', url, page.title)


def type_name(page: Page) -> str:
    return capfirst(page.cached_content_type.name)


def day(name: str):
    """Reads the date `name` of a page as people write it, a dash where there is none."""
    return lambda page: date_format(getattr(page, name)) if getattr(page, name) else "—"


class PagesToReview(ReportView):
    """The published pages whose date of review is past or near, the oldest date first."""

    page_title = _("Pages à relire")
    header_icon = "glasses"
    model = Page
    filterset_class = ReviewFilter
    index_url_name = "pages_to_review"
    index_results_url_name = "pages_to_review_results"
    permission_policy = page_permission_policy
    any_permission_required = ["change", "publish"]
    default_ordering = "next_review"
    list_export = ["title", "url", "cached_content_type.name", "reviewed", "next_review", "owner"]
    export_headings = {
        "title": _("Titre"),
        "url": _("Adresse"),
        "cached_content_type.name": _("Genre"),
        "reviewed": _("Relue le"),
        "next_review": _("À relire avant le"),
        "owner": _("Responsable"),
    }
    columns = [
        Column("title", label=_("Titre"), accessor=title_link, sort_key="title"),
        ReviewedColumn("pk", label=_("Rien à changer ?"), accessor="pk"),
        Column("type", label=_("Genre"), accessor=type_name, classname="not-on-phones"),
        Column(
            "reviewed",
            label=_("Relue le"),
            accessor=day("reviewed"),
            sort_key="reviewed",
            classname="not-on-phones",
        ),
        Column(
            "next_review",
            label=_("À relire avant le"),
            accessor=day("next_review"),
            sort_key="next_review",
        ),
        Column("owner", label=_("Responsable"), classname="not-on-phones"),
    ]

    def get_base_queryset(self):
        pages = published_for(self.request.user)
        return pages.select_related("owner", "locale")

    def order_queryset(self, queryset):
        if self.ordering == "next_review":
            return queryset.order_by(F("next_review").asc(nulls_last=True), "pk")
        return super().order_queryset(queryset)


@require_admin_access
@require_POST
def mark(request, pk):
    page = get_object_or_404(published_for(request.user), pk=pk)
    try:
        page = mark_reviewed(page, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        text = gettext("« %(title)s » : relue aujourd’hui. Prochaine relecture avant le %(day)s.")
        before = date_format(page.next_review_on)
        messages.success(request, text % {"title": page.title, "day": before})
    return redirect("pages_to_review")
