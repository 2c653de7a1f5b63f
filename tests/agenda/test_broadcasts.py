"""A message to those registered is read again before it leaves, and leaves once."""

import pytest
from django.core import mail
from django.urls import reverse

from commons.agenda import broadcasts
from commons.agenda.models import Message, SentEmail, State
from commons.members.models import OutgoingMail
from tests import factories
from tests.agenda.sign_up_pages import page_of
from tests.threads import at_once

TYPED = {
    "audience": "all",
    "subject": "Venez tôt",
    "text": "  La route est barrée.\r\n\r\nÀ demain",
}


@pytest.fixture
def three(session):
    """Two who are written to, one who muted the session."""
    names = ("a", "b", "c")
    return [
        factories.registration(session, email=f"{n}@example.org", muted=n == "c") for n in names
    ]


def send(client, session, do, **changes):
    address = reverse("session_message", args=[session.pk])
    return client.post(address, {**TYPED, "token": "t", "do": do, **changes})


@pytest.mark.django_db
@pytest.mark.usefixtures("site", "three")
class TestScreens:
    @pytest.mark.parametrize("do", ["preview", "", "autre"])
    def test_nothing_leaves_before_it_was_read_again(self, organiser, session, do):
        answer = send(organiser, session, do)
        said = page_of(answer)
        assert "ira à 2 personnes" in said
        assert "1 personne a demandé" in said
        assert "personne ne voit l’adresse des autres" in said
        assert "Envoyer à 2 personnes" in said
        assert "qui organise votre séance, vous écrit" in said
        assert "La route est barrée." in said
        assert session.title in said
        assert (Message.objects.count(), mail.outbox) == (0, [])

    def test_preview_opens_nobodys_registration(self, organiser, session, three):
        html = send(organiser, session, "preview").content.decode()
        assert not any(row.token in html or row.email in html for row in three)

    def test_one_may_write_on(self, organiser, session):
        form = send(organiser, session, "edit").context["form"]
        assert form["text"].value() == TYPED["text"]
        assert form["token"].value() == "t"
        assert not form.errors

    def test_what_is_shown_is_what_is_sent_once(self, organiser, session):
        hidden = send(organiser, session, "preview").context["form"]
        typed = {field.html_name: field.value() for field in hidden}
        for _ in range(2):
            assert send(organiser, session, "send", **typed).status_code == 302
        told = organiser.get(reverse("organised_session", args=[session.pk]))
        assert (
            "part à 2 personnes" in page_of(told) or "part à 2 personnes" in told.content.decode()
        )
        assert Message.objects.count() == 1
        written = SentEmail.objects.values_list("registration__email", flat=True)
        assert set(written) == {"a@example.org", "b@example.org"}

    def test_another_text_under_the_same_form_is_neither_lost_nor_sent(self, organiser, session):
        send(organiser, session, "send")
        answer = send(organiser, session, "send", text="Finalement non")
        form = answer.context["form"]
        assert "déjà parti" in page_of(answer)
        assert form["text"].value() == "Finalement non"
        assert form["token"].value() != "t"
        assert Message.objects.count() == 1
        again = form["token"].value()
        assert (
            send(organiser, session, "send", text="Finalement non", token=again).status_code == 302
        )
        assert Message.objects.count() == 2

    @pytest.mark.parametrize("do", ["preview", "send"])
    def test_what_cannot_leave_says_why_and_stays(self, organiser, session, do):
        answer = send(organiser, session, do, audience="present")
        assert "Personne ne correspond" in page_of(answer)
        assert "La route est barrée" in answer.content.decode()

    def test_muted_recipients_only_are_nobody(self, organiser, session, three):
        session.registrations.exclude(muted=True).update(state=State.CANCELLED)
        assert "Personne ne correspond" in page_of(send(organiser, session, "preview"))


@pytest.mark.django_db(transaction=True)
def test_clicked_many_times_at_once_it_leaves_once(site, settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    owner = factories.member(display_name="Camille")
    session = factories.session(factories.training(owner=owner))
    for name in "abc":
        factories.registration(session, email=f"{name}@example.org")

    def click():
        message = Message(audience="all", subject="S", text="T", token="t")
        return broadcasts.send_message(session, message, by=owner).pk

    assert len(set(at_once(*[click] * 8))) == 1
    assert Message.objects.count() == 1
    assert OutgoingMail.objects.count() == 3
