"""Changing one's address and password, and the second code, as a person goes through the pages."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from commons.members.accounts import open_account
from tests import factories

pytestmark = pytest.mark.django_db
EMAIL = "/compte/email/"


@pytest.fixture
def member(site):
    return open_account("zoe@example.org", display_name="Zoé", password=factories.PASSWORD)


@pytest.fixture
def signed_in(client, member):
    client.post("/compte/login/", {"login": member.email, "password": factories.PASSWORD})
    return client


def read(client, path, **posted) -> str:
    answer = client.post(path, posted, follow=True) if posted else client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_new_address_replaces_the_old_one_once_confirmed(signed_in, member, mailoutbox):
    html = read(signed_in, EMAIL, email="Nouvelle@example.org", action_add="1")
    assert "<strong>nouvelle@example.org</strong> attend" in html
    member.refresh_from_db()
    assert member.email == "zoe@example.org", "nothing changes before the address is confirmed"
    [mail] = mailoutbox
    assert mail.to == ["nouvelle@example.org"]
    assert "ouvrir un compte" not in mail.body
    path = re.search(r"http://[^/]+(/compte/confirm-email/\S+)", mail.body)[1]
    signed_in.post(path)
    member.refresh_from_db()
    assert member.email == "nouvelle@example.org"
    assert [known.email for known in member.emailaddress_set.all()] == ["nouvelle@example.org"]
    assert mailoutbox[-1].to == ["zoe@example.org"], "the old address hears of it"


def test_a_change_of_address_can_be_given_up(signed_in, member):
    html = read(signed_in, EMAIL, email="faute@example.org", action_add="1")
    pending = html[html.index('<form class="notice"') :]
    assert "csrfmiddlewaretoken" in pending[: pending.index("</form>")]
    html = read(signed_in, EMAIL, email="faute@example.org", action_remove="1")
    assert "attend que vous" not in html
    assert [known.email for known in member.emailaddress_set.all()] == ["zoe@example.org"]


def test_a_forgotten_password_is_chosen_again_by_the_link(client, member, mailoutbox):
    client.post("/compte/password/reset/", {"email": member.email})
    path = re.search(r"http://[^/]+(/compte/password/reset/key/\S+)", mailoutbox[0].body)[1]
    page = client.get(path, follow=True)
    assert "Choisir un nouveau mot de passe" in page.content.decode()
    new = "une-autre-phrase-longue"
    words = {"password1": new, "password2": new}
    done = client.post(page.redirect_chain[-1][0], words, follow=True).content.decode()
    assert "Votre mot de passe est changé" in done
    assert "Recevoir un autre lien" in read(client, path), "a link serves once"
    member.refresh_from_db()
    assert member.check_password(new)


@pytest.mark.django_db(transaction=True)
def test_the_second_code_from_the_first_to_the_last_page(signed_in, mailoutbox):
    read(signed_in, "/compte/reauthenticate/", password=factories.PASSWORD)
    read(signed_in, EMAIL, email="nouvelle@example.org", action_add="1")  # blocks nothing
    activate = "/compte/2fa/totp/activate/"
    key = re.search(r'class="key">(\w+)<', read(signed_in, activate))[1]
    code = format_hotp_value(hotp_value(key, next(yield_hotp_counters_from_time())))
    assert "Ce code n’est pas le bon" in read(signed_in, activate, code="000000")
    html = read(signed_in, activate, code=code)
    assert "Mes codes de secours" in html
    assert html.count("<li>", html.index('class="codes"')) >= 10
    assert mailoutbox[-1].subject == "Le second code est en place"
    generate = "/compte/2fa/recovery-codes/generate/"
    assert "Les anciens ne marcheront plus" in read(signed_in, generate)
    assert "sont prêts" in read(signed_in, generate, sure="1")
    assert mailoutbox[-1].subject == "De nouveaux codes de secours"
    assert "autre@example.org" in read(signed_in, EMAIL, email="autre@example.org", action_add="1")
    deactivate = "/compte/2fa/totp/deactivate/"
    assert "Ne plus demander de code ?" in read(signed_in, deactivate)
    assert "ne vous demande plus de second code" in read(signed_in, deactivate, sure="1")
    assert mailoutbox[-1].subject == "Plus de second code"


@pytest.mark.parametrize(
    "path", ["/compte/inactive/", "/compte/password/reset/key/done/", "/compte/reauthenticate/"]
)
def test_rare_account_pages_are_in_plain_french(signed_in, path):
    html = read(signed_in, path)
    assert "inactif" not in html
    assert 'class="button' not in html, "the template of a package, not ours"
