"""Somebody whom an organiser added says that the address is theirs: what was held back leaves."""

import pytest
from django.core import mail

from commons.agenda import broadcasts, registration
from commons.agenda.models import Audience, Message, State
from tests import factories
from tests.agenda.test_permissions import add, fill
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def owner():
    return factories.member("zoe@example.org", display_name="Zoé")


@pytest.fixture
def session(owner):
    session = factories.session(capacity=2, place="Salle Verte", questions="")
    session.page.owner = owner
    session.page.save()
    return session


def write(session, owner, text="Apportez un tablier.", audience=Audience.ALL):
    message = Message(audience=audience, subject="Demain", text=text, token=text[:30])
    return broadcasts.send_message(session, message, by=owner)


def address(found) -> str:
    return f"/compte/inscription/{found.token}/"


def test_a_message_waits_until_the_address_has_answered(client, session, owner):
    found = add(session, owner)
    write(session, owner)
    added, notice = mail.outbox
    assert "Salle Verte" not in added.body
    assert added.attachments == []
    assert notice.subject == f"Un message vous attend : {session.page.title}"
    assert "tablier" not in notice.body
    assert "Zoé" not in notice.body
    assert address(found) in notice.body
    mail.outbox.clear()

    answer = client.get(address(found))
    assert "Oui, c’est bien moi" in answer.text
    assert "Votre inscription est confirmée" not in answer.text
    assert mail.outbox == [], "reading a link never acts"
    answer = client.post(address(found), {"do": "acknowledge"}, follow=True)
    assert "Votre inscription est confirmée" in answer.text
    confirmed, message = mail.outbox
    assert "Salle Verte" in confirmed.body
    assert [name for name, *_ in confirmed.attachments] == [f"seance-{session.pk}.ics"]
    assert (message.subject, "Apportez un tablier." in message.body) == ("Demain", True)
    assert "Oui, c’est bien moi" not in client.get(address(found)).text

    mail.outbox.clear()
    client.post(address(found), {"do": "acknowledge"})
    assert mail.outbox == [], "twice is once"
    write(session, owner, "Il pleuvra.")
    assert "Il pleuvra." in mail.outbox[0].body


def test_a_message_to_others_is_not_theirs(client, session, owner):
    found = add(session, owner)
    factories.registration(session, state=State.WAITING)
    write(session, owner, audience=Audience.WAITING)
    mail.outbox.clear()
    registration.acknowledge(found)
    assert ["tablier" in message.body for message in mail.outbox] == [False]


def test_the_organiser_reads_how_many_have_not_answered(client, session, owner):
    add(session, owner)
    message = Message(audience=Audience.ALL, subject="Demain", text="Bonjour.")
    preview = broadcasts.preview(session, message, by=owner)
    assert (preview.people, preview.unconfirmed) == (1, 1)
    client.force_login(owner)
    form = {"audience": "all", "subject": "Demain", "text": "Bonjour.", "token": "a" * 40}
    page = client.post(f"/compte/seances/{session.pk}/message/", form)
    assert "n’a pas encore confirmé son adresse" in page.text


def test_who_waits_is_told_that_they_wait(session, owner):
    fill(session)
    found = add(session, owner, wait=True)
    mail.outbox.clear()
    registration.acknowledge(found)
    assert [message.subject for message in mail.outbox] == [
        f"Vous êtes sur la liste d’attente : {session.title}"
    ]


def test_who_left_has_nothing_to_say(client, session, owner):
    found = registration.cancel(add(session, owner))
    mail.outbox.clear()
    client.post(address(found), {"do": "acknowledge"})
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_six_clicks_at_once_write_once(session, owner):
    found = add(session, owner)
    write(session, owner)
    mail.outbox.clear()
    done = at_once(*[lambda: registration.acknowledge(found) for _ in range(6)])
    assert [one for one in done if isinstance(one, Exception)] == []
    assert len(mail.outbox) == 2
