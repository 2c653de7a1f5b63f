"""The sessions of a page, in its admin form: they are not part of the page, hence links."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from commons.agenda.models import Session
from commons.agenda.presentation import shown_to_organiser


class SessionsPanel(Panel):
    """When it takes place and who comes; each session has a screen of its own."""

    def __init__(self, **options):
        options.setdefault("heading", _("Séances"))
        super().__init__(**options)

    class BoundPanel(Panel.BoundPanel):
        template_name = "agenda/admin/sessions_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            page = self.instance
            sessions = (
                list(Session.objects.of(page).select_related("page", "replay")) if page.pk else []
            )
            items = shown_to_organiser(sessions, user=self.request.user)
            new = reverse("new_session", args=[page.pk]) if page.pk else ""
            return {
                **context,
                "items": items,
                "new": new,
            }
