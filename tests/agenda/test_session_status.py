"""The screen that calls a session off, one day or for good, puts it off or brings it back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commons.agenda.models import Status
from tests import factories
from tests.agenda.session_form_data import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_session_is_called_off_with_its_reason(organiser, session):
    factories.registration(session)
    address = reverse("call_off_session", args=[session.pk])
    organiser.post(address, {"do": "cancel", "note": "Neige"})
    session.refresh_from_db()
    assert (session.status, session.status_note) == (Status.CANCELLED, "Neige")


def test_what_was_put_off_gets_a_new_date(organiser, session):
    address = reverse("call_off_session", args=[session.pk])
    organiser.post(address, {"do": "postpone", "note": "Salle prise"})
    edit = reverse("edit_session", args=[session.pk])
    assert edit in organiser.get(address).content.decode()
    assert 'value="cancel"' in organiser.get(address).content.decode()
    organiser.post(edit, typed())
    session.refresh_from_db()
    assert (session.status, session.status_note) == (Status.PLANNED, "")


def test_what_was_called_off_is_brought_back(organiser, session):
    factories.registration(session)
    address = reverse("call_off_session", args=[session.pk])
    organiser.post(address, {"do": "cancel"})
    assert 'value="restore"' in organiser.get(address).content.decode()
    organiser.post(address, {"do": "restore"})
    session.refresh_from_db()
    assert session.status == Status.PLANNED


def test_one_day_of_a_market_is_called_off(organiser, owner):
    page = factories.event(title="Marché", owner=owner)
    market = factories.session(page, in_days=-13, repeat="weekly", sign_up="none")
    address = reverse("call_off_session", args=[market.pk])
    text = organiser.get(address).content.decode()
    assert "Ce jour seulement" in text
    assert "Chaque semaine" in text
    days = [day for day, _label in organiser.get(address).context["form"].fields["day"].choices]
    assert days[0] == f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}"
    assert organiser.post(address, {"do": "skip"}).context["form"].errors
    assert organiser.post(address, {"do": "skip", "day": "2020-01-01"}).status_code == 200
    assert organiser.post(address, {"do": "skip", "day": days[0]}).status_code == 302
    market.refresh_from_db()
    assert (market.status, market.skipped) == (Status.PLANNED, [days[0]])
    assert "Sauf le" in organiser.get(page.get_url()).content.decode()


@pytest.mark.parametrize("name", ["organised_sessions", "organised_session", "call_off_session"])
def test_organisers_read_how_often_it_comes_back(organiser, owner, name):
    page = factories.event(title="Marché", owner=owner)
    market = factories.session(page, in_days=-13, repeat="weekly", sign_up="none")
    address = reverse(name, args=[] if name == "organised_sessions" else [market.pk])
    assert "Chaque semaine" in organiser.get(address).content.decode()


def test_what_is_over_is_not_called_off(organiser, owner):
    session = factories.session(factories.training(owner=owner), in_days=-2)
    factories.registration(session)
    address = reverse("call_off_session", args=[session.pk])
    assert (
        address
        not in organiser.get(reverse("organised_session", args=[session.pk])).content.decode()
    )
    assert 'value="cancel"' not in organiser.get(address).content.decode()
    answer = organiser.post(address, {"do": "cancel"}, follow=True).content.decode()
    assert "Cette séance est terminée." in answer
    assert "prévenues" not in answer


def test_what_waits_for_a_date_is_to_come(organiser, owner):
    session = factories.session(
        factories.training(owner=owner), in_days=-2, status=Status.POSTPONED
    )
    for query, found in (("", [session]), ("?past=1", [])):
        items = organiser.get(reverse("organised_sessions") + query).context["items"]
        assert [item.session for item in items] == found
