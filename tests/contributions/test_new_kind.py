"""A new kind costs one form and one line, on a page type that exists."""

from typing import ClassVar

import pytest

from commons.contributions import registry
from commons.contributions.forms import ContributionForm, FormattedField
from commons.contributions.models import Contribution, State
from commons.contributions.urls import proposals
from commons.pages.formatting import html_from_text
from commons.resources.models import GenericModel, LibraryPage
from tests import factories
from tests.contributions.form_data import act, ticket


class ModelForm(ContributionForm):
    kind = "modele"
    choice = "Un modèle"
    invitation = "Une façon de faire que d’autres peuvent reprendre."

    definition = FormattedField(label="Définition")

    class Meta:
        model = GenericModel
        fields: ClassVar[list] = ["title", "summary"]
        formsets: ClassVar[list] = []

    def fill(self, page):
        page.definition = html_from_text(self.cleaned_data["definition"])


@pytest.fixture
def _declared(library):
    proposals(LibraryPage, ModelForm)
    yield
    registry._declared.pop("modele")


@pytest.mark.usefixtures("_declared")
def test_a_fifth_kind_goes_all_the_way(client):
    author = factories.member()
    client.force_login(author)
    assert "Un modèle" in client.get("/fr/se-documenter/proposer/").content.decode()
    form = {"title": "Le MIL", "summary": "Ensemble.", "definition": "Un **atelier**."}
    form |= {"licence_ok": "on", "ticket": ticket(), "do": "send"}
    client.post("/fr/se-documenter/proposer/modele/", form)
    contribution = Contribution.objects.get()
    act(contribution, "accept", by=factories.member(groups=["Modération"]))
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert "<strong>atelier</strong>" in GenericModel.objects.get().definition
