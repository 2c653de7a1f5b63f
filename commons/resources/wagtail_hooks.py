"""What the library adds to the admin: a guide to write, searches without result."""

from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from commons.pages.admin_home import HomeAction, in_language_of
from commons.resources import zero_result_views
from commons.resources.models import LibraryPage
from search.models import Gap


def may_answer(user) -> bool:
    return page_permission_policy.user_has_any_permission(user, ["add", "publish"])


class GapsMenuItem(MenuItem):
    def is_shown(self, request):
        return may_answer(request.user)


@hooks.register("register_admin_urls")
def urls():
    gaps = zero_result_views.Gaps
    return [
        path("recherches/", gaps.as_view(), name="search_gaps"),
        path("recherches/liste/", gaps.as_view(results_only=True), name="search_gaps_results"),
        path("recherches/<int:pk>/question/", zero_result_views.start, name="search_gap_question"),
    ]


@hooks.register("register_reports_menu_item")
def menu_item():
    label = _("Recherches sans réponse")
    return GapsMenuItem(label, reverse("search_gaps"), icon_name="search", order=50)


@hooks.register("register_home_action")
def write_a_guide(user):
    library = in_language_of(LibraryPage.objects.all(), user)
    if library is None or not library.permissions_for_user(user).can_add_subpage():
        return None
    return HomeAction(
        label=gettext("Écrire un guide"),
        description=gettext("Une marche à suivre, chapitre par chapitre."),
        url=reverse("wagtailadmin_pages:add", args=["resources", "guide", library.pk]),
        icon="edit",
        order=10,
    )


@hooks.register("register_home_action")
def searches_without_answer(user):
    if not may_answer(user):
        return None
    return HomeAction(
        label=gettext("Recherches sans réponse"),
        description=gettext("Ce que des personnes ont cherché sans rien trouver."),
        url=reverse("search_gaps"),
        icon="search",
        order=50,
        count=Gap.objects.count(),
    )
