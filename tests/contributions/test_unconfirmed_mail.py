"""What leaves for an address that nobody confirmed: nothing that a stranger typed but a name."""

import copy
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core import mail

from commons.agenda import emails, registration
from commons.agenda.emails import Kind
from commons.agenda.models import Format, State, Status
from commons.contributions import submission
from commons.contributions.drafting import Visitor
from commons.contributions.names import name_for_email
from commons.members.accounts import confirm_address
from commons.members.erasure import erase
from tests import factories
from tests.contributions.form_data import ARTICLE, drafted
from tests.members.test_accounts import answers

BAIT = "Gagnez-un-prix"
STRANGER = "victime@example.net"
NAMES = ["Léa", "Jean-Luc d’Ormesson", "O'Neil", "Anne-Marie de la Tour", "J.-P. Dupont", "Łukasz"]
NOT_NAMES = [
    "Appelez le 08 99 12 34 56",
    "www.exemple",
    "exemple.com",
    "Votre compte va fermer, écrivez vite à notre service clients",
    "Un deux trois quatre cinq six sept huit",
    "Gagnez!",
    "a@b",
    "http://x",
    "Léa" * 30,
]


TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Of who is signed in, hence has confirmed their address; of the team.
TO_CONFIRMED = {"mfa/email/recovery_codes_generated", "mfa/email/totp_activated"}
TO_CONFIRMED |= {"mfa/email/totp_deactivated", "wagtailadmin/notifications/task_state_submitted"}


def written() -> list[str]:
    """All that the mails to the stranger say, every part of them."""
    texts = []
    for message in mail.outbox:
        assert message.to == [STRANGER]
        parts = [str(getattr(part, "content", part)) for part in message.alternatives]
        parts += [str(part) for part in (message.extra_headers, message.attachments)]
        texts.append("\n".join([message.subject, message.body, *parts]))
    return texts


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept(name):
    assert name_for_email(name)


@pytest.mark.parametrize("name", NOT_NAMES)
def test_what_is_no_name_is_not_written(name):
    assert name_for_email(name) == ""


def test_a_proposal_by_no_name_greets_nobody(library):
    by = Visitor(name="Appelez le 08 99 12 34 56", email=STRANGER)
    submission.submit(drafted(by), by=by)
    (message,) = written()
    assert "08 99" not in message
    assert "Bonjour," in message


def proposal(client):
    by = Visitor(name="Léa", email=STRANGER)
    typed = {name: f"{BAIT} {name}" for name in ARTICLE if name != "licence_ok"}
    submission.submit(drafted(by, message=BAIT, credit=BAIT, **typed), by=by)
    assert "Bonjour Léa," in mail.outbox[0].body


def sign_up(client):
    form = {"email": STRANGER, "display_name": BAIT}
    with time_machine.travel("2026-05-01 10:01:00+00:00"):  # a minute after `answers`
        assert client.post("/compte/signup/", answers(**form)).status_code == 302


def sign_up_again(client):
    factories.member(STRANGER, display_name=BAIT, confirmed=False)
    sign_up(client)


def another_address(client):
    member = factories.member(display_name=BAIT)
    client.force_login(member)
    client.post("/compte/email/", {"action_add": "", "email": STRANGER})


def forgotten_password(client):
    confirm_address(factories.member(STRANGER, display_name=BAIT, confirmed=False))
    client.post("/compte/password/reset/", {"email": STRANGER})


def password_of_nobody(client):
    client.post("/compte/password/reset/", {"email": STRANGER, "display_name": BAIT})


def dated(**fields):
    typed = dict.fromkeys(("label", "place", "address", "commune", "status_note"), BAIT)
    return factories.session(
        **typed,
        contact_name=BAIT,
        contact_email=f"{BAIT}@example.com",
        format=Format.HYBRID,
        video_url=f"https://{BAIT}.example/",
        questions=f"{BAIT} ?",
        **fields,
    )


def session_emails(client):
    """Each letter there is, to each of those who may have asked for nothing."""
    replay = factories.article()
    replay.save_revision().publish()
    for kind in Kind:
        extra = {"replay": replay}
        if kind == Kind.MESSAGE:
            extra |= dict.fromkeys(("subject", "text", "by"), BAIT)
        for state, added in UNCONFIRMED:
            session = dated(status=Status.CANCELLED if "cancel" in kind else Status.PLANNED)
            before = copy.copy(session)
            before.place = f"{BAIT} avant"
            extra |= {"before": before, "changed": ["place", "starts_at", "label", "video_url"]}
            row = factories.registration(
                session,
                email=STRANGER,
                name="Appelez le 0899123456",
                answers=[BAIT],
                state=state,
                added_by_organiser=added,
            )
            sent = len(mail.outbox)
            emails.send([row], kind, **extra)
            assert len(mail.outbox) == sent + 1, f"{kind} to {state}"
    assert all("0899" not in message for message in written())


UNCONFIRMED = [(State.PENDING, False), (State.CONFIRMED, True), (State.WAITING, True)]
CAUSES = {
    "emails/contribution_step": proposal,
    "emails/session_email": session_emails,
    "account/email/email_confirmation": sign_up,
    "account/email/email_confirm": another_address,
    "account/email/account_already_exists": sign_up_again,
    "account/email/password_reset_key": forgotten_password,
    "account/email/unknown_account": password_of_nobody,
}


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.__name__)
def test_nothing_that_another_person_typed_is_written(client, library, cause):
    cause(client)
    assert written(), "no mail left: this shows nothing"
    held = [message for message in written() if BAIT.lower() in message.lower()]
    assert held == []


def test_no_template_of_a_mail_is_forgotten():
    texts = {path: path.read_text() for path in TEMPLATES.rglob("*.txt")}
    drawn_by_others = re.findall(r'(?:extends|include) "([^"]+)"', " ".join(texts.values()))
    names = {path.relative_to(TEMPLATES).as_posix() for path in texts} - set(drawn_by_others)
    mails = {name for name in names if "/email" in f"/{name}" or "notifications/" in name}
    assert {re.sub(r"(_message|_subject)?\.txt$", "", name) for name in mails} == {
        *CAUSES,
        *TO_CONFIRMED,
        "emails/farewell",
    }


def test_no_email_after_erasure_to_an_unconfirmed_address(site):
    erase(factories.member(STRANGER, display_name=BAIT, confirmed=False))
    assert mail.outbox == []


def test_who_has_not_confirmed_their_address_is_never_signed_in(client, site):
    factories.member(STRANGER, display_name=BAIT, confirmed=False)
    client.post("/compte/login/", {"login": STRANGER, "password": factories.PASSWORD})
    assert "_auth_user_id" not in client.session
    assert all(BAIT not in message for message in written())


def test_a_sign_up_email_holds_the_page_and_the_date_only(site):
    session = dated()
    registration.register(session, name="Appelez le 0899123456", email=STRANGER)
    (message,) = written()
    assert session.page.title in message
