"""« Ne plus recevoir de rappels ni de messages »: by a button, or by the mail program itself."""

import pytest
from django.test import Client

from commons.agenda.models import State
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def own():
    return factories.registration(factories.session())


@pytest.fixture
def address(own):
    return f"/compte/inscription/{own.token}/messages/"


def test_reading_changes_nothing(client, own, address):
    answer = client.get(address)
    assert "Ne plus les recevoir" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    own.refresh_from_db()
    assert not own.muted


def test_one_click_of_a_mail_program_without_cookie_nor_token(own, address):
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code in {200, 302}
    own.refresh_from_db()
    assert (own.muted, own.state) == (True, State.CONFIRMED)


def test_one_may_change_ones_mind(client, own, address):
    client.post(address, {"do": "stop"})
    assert "C’est noté" in client.get(address).content.decode()
    client.post(address, {"do": "resume"})
    own.refresh_from_db()
    assert not own.muted


@pytest.mark.parametrize("verb", ["get", "post", "head", "put", "delete"])
def test_the_link_of_nobody(client, verb):
    assert getattr(client, verb)("/compte/inscription/abc/messages/").status_code == 404


def test_in_the_language_of_the_person(client, own, address):
    type(own).objects.update(language="en")
    assert "Reminders and messages" in client.get(address).content.decode()
