"""The sessions of a page, in its admin form: they are not part of the page, hence links."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.models import Page

from commons.agenda.models import Session
from commons.agenda.presentation import present_to_organiser


class SessionsPanel(Panel):
    """When it takes place and who comes; each session has a screen of its own."""

    def __init__(self, **options):
        options.setdefault("heading", _("Séances"))
        super().__init__(**options)

    class BoundPanel(Panel.BoundPanel):
        template_name = "agenda/admin/sessions_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            return {**context, "page": self.instance, "user": self.request.user}


def sessions_in_admin(page: Page, *, user) -> dict:
    """The sessions of `page` and the address where one is added, once the page is saved."""
    sessions = list(Session.objects.of(page).select_related("page", "replay")) if page.pk else []
    return {
        "items": present_to_organiser(sessions, user=user),
        "new": reverse("new_session", args=[page.pk]) if page.pk else "",
    }
