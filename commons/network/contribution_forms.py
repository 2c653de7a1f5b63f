"""The form by which people propose an event: only what a person can know, in plain words."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from commons.agenda.session_fields import RepeatedSessionFields, session_field_order
from commons.contributions.forms import ContributionForm, FormattedField, WebAddressField
from commons.network.models import Event
from commons.pages.formatting import blocks_from_text


class EventForm(RepeatedSessionFields, ContributionForm):
    kind = "evenement"
    choice = _("Un événement")
    invitation = _("Un marché, une fête, des portes ouvertes, une rencontre, une assemblée.")

    text = FormattedField(label=_("Ce qui s’y passe"), rows=8, required=False)
    url = WebAddressField(
        label=_("Site de l’événement"),
        required=False,
    )

    class Meta:
        model = Event
        fields = ["title", "summary", "kind", "organiser", "url", "price_note", "credit"]
        formsets: ClassVar[list] = []

    field_order = [
        *("title", "summary", "kind"),
        *session_field_order(RepeatedSessionFields),
        *("text", "organiser", "price_note", "url"),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organiser"].label = _("Qui l’organise ?")

    def fill(self, page):
        page.body = blocks_from_text(self.cleaned_data["text"])

    def attach(self, page):
        self.store_session(page)
