"""What the library adds to the admin: searches without result, among the reports."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from commons.resources import gap_views


class GapsMenuItem(MenuItem):
    def is_shown(self, request):
        return page_permission_policy.user_has_any_permission(request.user, ["add", "publish"])


@hooks.register("register_admin_urls")
def urls():
    gaps = gap_views.Gaps
    return [
        path("recherches/", gaps.as_view(), name="search_gaps"),
        path("recherches/liste/", gaps.as_view(results_only=True), name="search_gaps_results"),
        path("recherches/<int:pk>/question/", gap_views.start, name="search_gap_question"),
    ]


@hooks.register("register_reports_menu_item")
def menu_item():
    label = _("Recherches sans réponse")
    return GapsMenuItem(label, reverse("search_gaps"), icon_name="search", order=50)
