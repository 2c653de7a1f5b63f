"""The form by which people propose a training: only what a person can know, in plain words."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.agenda.models import Session, SignUp
from commons.agenda.session_fields import SessionFields, session_field_order
from commons.contributions.forms import (
    ContributionForm,
    FormattedField,
    LinesField,
    WebAddressField,
)
from commons.pages.formatting import blocks_from_text, html_from_text
from commons.trainings.models import Training, TrainingPerson

PEOPLE = {
    "trainers": TrainingPerson.Role.TRAINER,
    "witnesses": TrainingPerson.Role.WITNESS,
}
MOST_PEOPLE = 20


class PeopleField(LinesField):
    """People, one a line: « Name, organisation »; its value is the pairs of them."""

    def clean(self, value):
        lines = super().clean(value)
        if len(lines) > MOST_PEOPLE:
            raise forms.ValidationError(_("Nommez vingt personnes au plus."))
        people = [[part.strip() for part in f"{line},".split(",", 1)] for line in lines]
        people = [(name, organisation.strip(" ,")) for name, organisation in people if name]
        if any(len(name) > 120 or len(organisation) > 160 for name, organisation in people):
            raise forms.ValidationError(_("Écrivez seulement le nom, puis la structure."))
        return people


class TrainingForm(SessionFields, ContributionForm):
    kind = "formation"
    choice = _("Une formation")
    invitation = _("Un webinaire, un atelier, une visite : chez vous ou chez d’autres.")
    dated = False

    objectives = FormattedField(label=_("Ce que l’on saura faire après"), rows=5, max_length=3_000)
    text = FormattedField(label=_("Le programme"), rows=8, required=False, help_text="")
    trainers = PeopleField(
        label=_("Qui anime ?"),
        help_text=_("Une personne par ligne, avec son accord : nom, puis structure."),
    )
    witnesses = PeopleField(
        label=_("Qui témoigne ?"),
        help_text=_("Une personne par ligne, avec son accord : nom, puis structure."),
    )
    external_url = WebAddressField(
        label=_("Adresse de la formation"),
        required=False,
        help_text=_("Seulement si l’on s’inscrit sur un autre site."),
    )

    class Meta:
        model = Training
        fields = [
            *("title", "summary", "kind", "for_whom", "prerequisites", "price", "price_note"),
            *("organiser", "external_url", "credit"),
        ]
        formsets: ClassVar[list] = []

    field_order = [
        *("title", "summary", "kind", "objectives", "for_whom", "text", "trainers", "witnesses"),
        *("prerequisites", "price", "price_note", "organiser", "external_url"),
        *session_field_order(SessionFields),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["for_whom"].widget.attrs["rows"] = 2
        self.fields["prerequisites"].widget.attrs["rows"] = 2
        self.fields["organiser"].label = _("Qui l’organise ?")
        self.fields["session_day"].help_text = _("Laissez vide si elle n’est pas encore fixée.")

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("external_url") and not data.get("organiser"):
            self.add_error("organiser", _("Dites qui organise cette formation."))

    def fill(self, page):
        data = self.cleaned_data
        page.objectives = html_from_text(data["objectives"])
        page.programme = blocks_from_text(data["text"])
        page.people = [
            TrainingPerson(name=name, organisation=organisation, role=role)
            for field, role in PEOPLE.items()
            for name, organisation in data[field]
        ]

    def fill_session(self, session: Session):
        super().fill_session(session)
        session.sign_up_url = self.cleaned_data["external_url"]
        session.sign_up = SignUp.ELSEWHERE if session.sign_up_url else SignUp.HERE

    def attach(self, page):
        self.store_session(page)
