"""*Ajouter une date*, in the admin: to a page that exists, or to a new one."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page, get_page_models
from wagtail.permissions import page_permission_policy

from commons.pages.admin_home import in_language_of

MOST_PAGES = 8


def dated_types() -> list[type[Page]]:
    """The types of pages that have sessions."""
    return [model for model in get_page_models() if getattr(model, "dated", False)]


def dated_pages_of(user) -> QuerySet[Page]:
    """The pages with dates that `user` may edit, the last changed first.

    Translations are left out: their sessions are those of the page in the first language.
    """
    first = settings.LANGUAGE_CODE
    own = page_permission_policy.instances_user_has_permission_for(user, "change")
    pages = Page.objects.filter(pk__in=own.order_by().values("pk"), locale__language_code=first)
    return pages.type(*dated_types()).order_by("-latest_revision_created_at", "-pk")


def new_pages_for(user) -> list[dict]:
    """For each type of dated page that `user` may add: its name, what it is for, where to add."""
    links = []
    for model in dated_types():
        parents = (apps.get_model(label) for label in model.parent_page_types)
        candidates = (in_language_of(parent.objects.all(), user) for parent in parents)
        parent = next((page for page in candidates if page is not None), None)
        if parent is not None and parent.permissions_for_user(user).can_add_subpage():
            place = [model._meta.app_label, model._meta.model_name, parent.pk]
            links.append(
                {
                    "name": capfirst(model.get_verbose_name()),
                    "description": model.get_page_description(),
                    "url": reverse("wagtailadmin_pages:add", args=place),
                }
            )
    return links


@require_admin_access
@require_safe
def new_date(request):
    if not page_permission_policy.user_has_any_permission(request.user, ["add", "change"]):
        raise PermissionDenied
    words = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    pages = dated_pages_of(request.user)
    if words:
        pages = pages.filter(title__icontains=words)
    context = {"pages": pages[:MOST_PAGES], "words": words, "ways": new_pages_for(request.user)}
    return render(request, "agenda/admin/new_date.html", context)
