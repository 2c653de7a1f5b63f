"""Signing up, confirming, signing in: over HTTP, as a person and as somebody hostile."""

import re
import threading
from unittest import mock

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import connections
from django.urls import reverse

from commons.members import accounts
from commons.members.honeypot import SALT
from commons.members.models import Consent, Member, Purpose
from tests import factories

pytestmark = pytest.mark.django_db
SIGN_UP = "/compte/signup/"
SIGN_IN = "/compte/login/"
SENT = "/compte/confirm-email/"


def answers(**changed):
    with time_machine.travel("2026-05-01 10:00:00+00:00", tick=False):
        stamp = signing.dumps("form", salt=SALT)
    return {
        "email": "zoe@example.org",
        "display_name": "Zoé",
        "password1": factories.PASSWORD,
        "charter": "on",
        "shown_at": stamp,
        "website": "",
    } | changed


@pytest.fixture(autouse=True)
def _a_minute_later(site):
    with time_machine.travel("2026-05-01 10:01:00+00:00"):
        yield


def sign_in(client, email="zoe@example.org", password=factories.PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def test_sign_up_confirm_and_sign_in(client, mailoutbox):
    answer = client.post(SIGN_UP, answers(credit="on"))
    assert (answer.status_code, answer["Location"]) == (302, SENT)
    member = Member.objects.get()
    assert (member.email, member.display_name, member.language) == ("zoe@example.org", "Zoé", "fr")
    assert {c.purpose for c in Consent.objects.all()} == {"charter", "credit"}
    assert all(c.given_at and c.text_version for c in Consent.objects.all())
    assert sign_in(client)["Location"] == SENT, "no way in before the address is confirmed"
    [mail] = mailoutbox
    assert mail.subject == "Confirmez votre adresse e-mail"
    assert [mimetype for _, mimetype in mail.alternatives] == ["text/html"]
    path = re.search(r"http://[^/]+(/compte/confirm-email/\S+)", mail.body)[1]
    assert path in mail.alternatives[0][0], "the HTML carries the link too"
    assert "Oui, c’est mon adresse" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert sign_in(client)["Location"] == "/compte/"
    assert "Zoé" in client.get("/compte/").content.decode()


def test_charter_is_required_and_nothing_is_ticked_beforehand(client):
    page = client.get(SIGN_UP).content.decode()
    assert " checked" not in page
    answer = client.post(SIGN_UP, answers(charter=""))
    assert answer.status_code == 200
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "a@b.org\nBcc: c@d.org"},
        {"email": "\x00@example.org"},
        {"email": "a" * 100_000},
        {"display_name": ""},
        {"display_name": "\x00\x0b"},
        {"display_name": "x" * 100_000},
        {"password1": ""},
        {"password1": "court"},
        {"password1": "zoe@example.org"},
        {"shown_at": ""},
        {"shown_at": "forged"},
    ],
)
def test_invalid_form_shows_its_errors_on_the_same_page(client, changed):
    answer = client.post(SIGN_UP, answers(**changed))
    assert answer.status_code == 200
    assert "Il reste quelque chose à corriger" in answer.content.decode()
    assert not Member.objects.exists()


def test_forged_name_stays_on_one_line_and_out_of_headers(client, mailoutbox):
    client.post(SIGN_UP, answers(display_name="Zoé\r\nBcc: x@y.org\u202e<b>"))
    assert Member.objects.get().display_name == "Zoé Bcc: x@y.org<b>"
    assert mailoutbox[0].recipients() == ["zoe@example.org"]
    assert "x@y.org" not in mailoutbox[0].body, "a stranger cannot write through our mails"


def test_forged_fields_are_ignored(client):
    client.post(SIGN_UP, answers(is_superuser="1", is_staff="1", groups="1", is_active="0"))
    member = Member.objects.get()
    assert (member.is_superuser, member.is_staff, member.is_active) == (False, False, True)
    assert not member.groups.exists()


def test_filled_honeypot_gets_the_usual_response_and_creates_nothing(client, mailoutbox):
    answer = client.post(SIGN_UP, answers(website="http://spam.example"))
    assert answer["Location"] == SENT
    assert not Member.objects.exists()
    assert mailoutbox == []


def test_form_shown_again_for_one_field_may_be_sent_at_once(client):
    answer = client.post(SIGN_UP, answers(password1="court"))
    stamp = re.search(r'name="shown_at" value="([^"]+)"', answer.content.decode())[1]
    assert client.post(SIGN_UP, answers(shown_at=stamp)).status_code == 302


def test_form_left_open_for_days_is_asked_again_and_then_taken(client):
    with time_machine.travel("2026-05-03 10:00:00+00:00"):
        answer = client.post(SIGN_UP, answers())
    assert "ouverte trop longtemps" in answer.content.decode()
    stamp = re.search(r'name="shown_at" value="([^"]+)"', answer.content.decode())[1]
    with time_machine.travel("2026-05-03 10:01:00+00:00"):
        assert client.post(SIGN_UP, answers(shown_at=stamp)).status_code == 302


def test_form_filled_in_no_time_is_asked_again_and_then_taken(client):
    answer = client.post(SIGN_UP, answers(shown_at=signing.dumps("form", salt=SALT)))
    assert "C’était très rapide" in answer.content.decode()
    stamp = re.search(r'name="shown_at" value="([^"]+)"', answer.content.decode())[1]
    with time_machine.travel("2026-05-01 10:02:00+00:00"):
        assert client.post(SIGN_UP, answers(shown_at=stamp)).status_code == 302


def test_taken_address_gets_the_same_response_as_a_free_one(client, mailoutbox):
    accounts.open_account("taken@example.org", display_name="Ada", password=factories.PASSWORD)
    free, taken = (
        client.post(SIGN_UP, answers(email=email))
        for email in ("free@example.org", "taken@example.org")
    )
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert [mail.to for mail in mailoutbox] == [["free@example.org"], ["taken@example.org"]]
    assert mailoutbox[1].subject == "Vous avez déjà un compte"
    assert Member.objects.get(email="taken@example.org").display_name == "Ada"


def test_taken_address_does_not_get_a_faster_response(client):
    """Hashing the password is what takes time: it is done for both."""
    accounts.open_account("taken@example.org", password=factories.PASSWORD)
    email = "taken@example.org"
    with mock.patch("commons.members.forms.make_password") as hashed:
        client.post(SIGN_UP, answers(email=email))
    hashed.assert_called_once()


def test_password_reset_does_not_reveal_accounts(client, mailoutbox):
    accounts.open_account("taken@example.org")
    pages = [
        client.post("/compte/password/reset/", {"email": email})
        for email in ("taken@example.org", "free@example.org")
    ]
    assert pages[0]["Location"] == pages[1]["Location"]
    assert len(mailoutbox) == 2
    assert "n’a pas de compte" in mailoutbox[1].body


def test_wrong_password_and_unknown_address_get_the_same_page(client):
    accounts.open_account("taken@example.org", password=factories.PASSWORD)
    existing, unknown = (
        sign_in(client, email, "wrong").content.decode()
        for email in ("taken@example.org", "no@example.org")
    )
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", existing) == strip.sub("", unknown)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_forged_next_is_refused(client, target):
    accounts.open_account("zoe@example.org", password=factories.PASSWORD)
    assert sign_in(client, next=target)["Location"] == "/compte/"


def test_own_next_is_followed(client):
    accounts.open_account("zoe@example.org", password=factories.PASSWORD)
    assert sign_in(client, next="/fr/se-documenter/")["Location"] == "/fr/se-documenter/"


def test_guessing_passwords_is_slowed_down(client):
    accounts.open_account("zoe@example.org", password=factories.PASSWORD)
    for _ in range(6):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "Trop de tentatives" in answer.content.decode()


def test_signing_up_in_a_loop_is_slowed_down(client):
    codes = [client.post(SIGN_UP, answers(email=f"{n}@example.org")).status_code for n in range(25)]
    assert codes[0] == 302
    assert codes[-1] == 429


@pytest.mark.django_db(transaction=True)
def test_same_address_signs_up_in_two_tabs_once(client, django_user_model):
    from django.test import Client

    start, codes = threading.Barrier(2), []

    def run():
        start.wait()
        codes.append(Client().post(SIGN_UP, answers()).status_code)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302, 302]
    assert Member.objects.count() == 1


def test_no_cookie_before_sign_in(client):
    for address in ("/fr/", "/fr/se-documenter/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.cookies == {}


def test_open_account_twice_makes_one_confirmed_account(db):
    first = accounts.open_account(
        "Editrice@Example.org", display_name="Édith", groups=["Rédaction"], password="un-deux-trois"
    )
    second = accounts.open_account("editrice@example.org", display_name="Édith")
    assert first == second
    assert second.check_password("un-deux-trois")
    assert [group.name for group in second.groups.all()] == ["Rédaction"]
    assert EmailAddress.objects.get(user=second).verified


def test_admin_sends_to_our_own_sign_in(client):
    for path in ("/admin/", "/admin/login/?next=/admin/"):
        last, _status = client.get(path, follow=True).redirect_chain[-1]
        assert last.startswith(SIGN_IN)
    assert client.get("/admin/password_reset/")["Location"] == "/compte/password/reset/"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code in {
        302,
        405,
    }


def test_may_be_credited_follows_the_consent(db):
    member = factories.member()
    assert not accounts.may_be_credited(member)
    Consent.objects.create(member=member, purpose=Purpose.CREDIT, text_version="1")
    assert accounts.may_be_credited(member)
    assert reverse("account_home") == "/compte/"
