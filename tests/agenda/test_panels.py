"""The admin form of a dated page shows its sessions, and leads to their screens."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commons.agenda import date_formats
from commons.members.permissions import EDITOR
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.mark.parametrize("make", [factories.training, factories.event])
def test_form_lists_the_sessions_and_offers_another(client, make):
    page = make()
    session = factories.session(page, capacity=3)
    client.force_login(factories.member(groups=[EDITOR]))
    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("organised_session", args=[session.pk]) in text
    assert reverse("new_session", args=[page.pk]) in text


def test_what_comes_back_is_told_with_its_next_date(client):
    page = factories.event()
    factories.session(page, in_days=-13, repeat="weekly", sign_up="none")
    client.force_login(factories.member(groups=[EDITOR]))
    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Chaque semaine" in text
    assert date_formats.day(timezone.localdate() + timedelta(days=1)) in text


@pytest.mark.parametrize("make", [factories.training, factories.event])
def test_new_page_is_saved_before_it_gets_dates(client, make):
    parent, model = make().get_parent(), type(make())
    client.force_login(factories.member(groups=[EDITOR]))
    kind = (model._meta.app_label, model._meta.model_name, parent.pk)
    text = client.get(reverse("wagtailadmin_pages:add", args=kind)).content.decode()
    assert "enregistrez le brouillon" in text
    assert "/compte/seances/nouvelle/" not in text


@pytest.mark.parametrize(
    ("make", "offers"),
    [(factories.training, True), (factories.event, True), (factories.article, False)],
)
def test_what_the_editor_shows_anew_after_the_first_autosave_offers_sessions(client, make, offers):
    page = make()
    client.force_login(factories.member(groups=[EDITOR]))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    parts = client.get(address, {"_w_hydrate_create_view": "1"}).content.decode()
    assert (reverse("new_session", args=[page.pk]) in parts) is offers
    assert ("[data-sessions-of-page]" in parts) is offers
    assert ("data-sessions-of-page" in client.get(address).content.decode()) is offers
