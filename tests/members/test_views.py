"""The pages of "Mon compte": mine only, cheap, and in French."""

import io
import json
import zipfile

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.members.accounts import open_account
from commons.members.consents import give
from commons.members.erasure import erase
from commons.members.models import Member, Purpose
from commons.pages.models import PlainPage
from commons.pages.site_settings import SiteDetails
from tests import factories
from tests.contributions.form_data import drafted

pytestmark = pytest.mark.django_db
PAGES = [
    *("/compte/", "/compte/supprimer/", "/compte/mes-donnees/", "/compte/donnees/"),
    *("/compte/2fa/", "/compte/email/"),
]


@pytest.fixture
def member(site):
    return open_account("zoe@example.org", display_name="Zoé", password=factories.PASSWORD)


@pytest.fixture
def signed_in(client, member):
    client.post("/compte/login/", {"login": member.email, "password": factories.PASSWORD})
    return client


@pytest.fixture
def sure(signed_in):
    """Signed in, and the password given once more."""
    signed_in.post("/compte/reauthenticate/", {"password": factories.PASSWORD})
    return signed_in


@pytest.mark.parametrize("path", [*PAGES, "/compte/2fa/totp/activate/"])
def test_account_pages_need_a_sign_in(client, site, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/login/?next=")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/compte/", "Mon compte"),
        ("/compte/email/", "Changer d’adresse e-mail"),
        ("/compte/password/change/", "Changer de mot de passe"),
        ("/compte/2fa/", "Un second code pour se connecter"),
        ("/compte/2fa/totp/activate/", "visez ce carré"),
        ("/compte/supprimer/", "Supprimer mon compte"),
        ("/compte/logout/", "Se déconnecter"),
    ],
)
def test_account_page_renders_in_the_site_frame(sure, path, words):
    answer = sure.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page.replace("&#x27;", "'")
    assert 'id="contenu"' in page
    assert "<script" not in page or 'type="module"' in page


@pytest.mark.parametrize("path", ["/compte/login/", "/compte/signup/", "/compte/password/reset/"])
def test_entrance_pages_render(client, site, path):
    assert client.get(path).status_code == 200


def test_sign_up_leads_to_the_charter_that_the_site_names(client, site):
    assert "Lire la charte" not in client.get("/compte/signup/").content.decode()
    home = site.root_page
    charter = home.add_child(instance=PlainPage(title="Notre charte", locale=home.locale))
    SiteDetails.objects.update_or_create(site=site, defaults={"charter": charter})
    html = client.get("/compte/signup/").content.decode()
    assert '<a href="/fr/notre-charte/" target="_blank">Lire la charte' in html
    charter.unpublish()
    assert "Lire la charte" not in client.get("/compte/signup/").content.decode()


def test_second_factor_is_asked_for_once_active(sure, client, member):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(member, generate_totp_secret())
    codes = RecoveryCodes.activate(member)
    assert sure.get("/compte/2fa/recovery-codes/").status_code == 200
    sure.post("/compte/logout/")
    answer = client.post("/compte/login/", {"login": member.email, "password": factories.PASSWORD})
    assert answer["Location"] == "/compte/2fa/authenticate/"
    assert client.get("/compte/2fa/authenticate/").status_code == 200
    assert client.get("/compte/").status_code == 302, "not in yet"
    code = codes.get_unused_codes()[0]
    assert client.post("/compte/2fa/authenticate/", {"code": code})["Location"] == "/compte/"
    assert Authenticator.objects.filter(user=member).count() == 2


def test_profile_is_cleaned_and_only_mine(signed_in, member):
    other = factories.member(display_name="Ada")
    signed_in.post(
        "/compte/",
        {"display_name": "Zoé\n Martin", "language": "en", "id": other.pk, "is_superuser": "1"},
    )
    member.refresh_from_db()
    other.refresh_from_db()
    assert (member.display_name, member.language) == ("Zoé Martin", "en")
    assert (other.display_name, member.is_superuser) == ("Ada", False)


def test_credit_consent_can_be_changed(signed_in, member):
    give(Purpose.CHARTER, member=member)
    signed_in.post("/compte/consentements/", {"c-credit": "on"})
    assert {c.purpose for c in member.consents.active()} == {"charter", "credit"}
    signed_in.post("/compte/consentements/", {})
    assert {c.purpose for c in member.consents.active()} == {"charter"}


def test_home_costs_the_same_with_more_consents(signed_in, member):
    signed_in.get("/compte/")
    counts = []
    for purpose in Purpose:
        give(purpose, member=member)
        with CaptureQueriesContext(connection) as asked:
            signed_in.get("/compte/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


def test_export_asks_the_password_first(signed_in):
    assert signed_in.get("/compte/mes-donnees/")["Location"].startswith("/compte/reauthenticate/")


def test_export_is_mine_and_holds_no_secret(sure, member):
    give(Purpose.CHARTER, member=member)
    factories.member("ada@example.org", display_name="Ada")
    answer = sure.get("/compte/mes-donnees/")
    assert answer["Content-Disposition"] == 'attachment; filename="mes-donnees.zip"'
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["mes-donnees.html", "mes-donnees.json"]
        data = json.loads(archive.read("mes-donnees.json"))
        readable = archive.read("mes-donnees.html").decode()
    assert "zoe@example.org" in readable
    assert "ada@example.org" not in f"{data}{readable}"
    assert data["member"]["email"] == "zoe@example.org"
    assert data["linked"]["members.Consent.member"][0]["purpose"] == "charter"
    assert "password" not in data["member"]


def test_erasing_needs_the_password(signed_in, member):
    answer = signed_in.post("/compte/supprimer/", {"password": "wrong"})
    assert "Ce n’est pas votre mot de passe." in answer.content.decode()
    assert Member.objects.filter(pk=member.pk).exists()
    answer = signed_in.post("/compte/supprimer/", {"password": factories.PASSWORD})
    assert answer.status_code == 302
    assert not Member.objects.filter(pk=member.pk).exists()
    assert signed_in.get("/compte/").status_code == 302


def test_after_the_password_one_comes_back_to_a_page_that_offers_the_archive(signed_in, sure):
    assert 'href="/compte/donnees/"' in signed_in.get("/compte/").content.decode()
    html = sure.get("/compte/donnees/").content.decode()
    assert 'href="/compte/mes-donnees/"' in html


def test_guessing_the_password_to_erase_is_slowed_down(signed_in, member):
    codes = [
        signed_in.post("/compte/supprimer/", {"password": "wrong"}).status_code for _ in range(12)
    ]
    assert codes[-1] == 429


def test_member_without_access_to_the_admin_reads_why(client, member):
    client.force_login(member)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "Cette page est réservée" in response.text


def test_visitor_at_the_admin_signs_in_on_our_page(client, db):
    response = client.get("/admin/login/?next=/admin/pages/")
    assert response.url == "/compte/login/?next=/admin/pages/"


def test_erasing_says_before_and_after_what_ends(signed_in, member, site):
    session = factories.session(factories.training(title="Fixer ses prix"))
    factories.registration(session, member=member)
    factories.registration(factories.session(in_days=-9), member=member, state="confirmed")
    factories.session(factories.training(title="Tenir sa caisse", owner=member))
    drafted(member, title="Mon brouillon")
    page = signed_in.get("/compte/supprimer/")
    assert "Vos inscriptions sont annulées." in page.text
    assert page.text.count("<li>Fixer ses prix, ") == 1
    assert "Tenir sa caisse, " in page.text
    assert "<li>Mon brouillon</li>" in page.text
    assert "no-store" in page["Cache-Control"]
    answer = signed_in.post("/compte/supprimer/", {"password": factories.PASSWORD}, follow=True)
    assert "Votre compte est supprimé." in answer.text
    assert "Vos inscriptions sont annulées." in answer.text


def test_erasing_ends_a_seat_in_each_of_several_sessions(
    signed_in, member, site, django_capture_on_commit_callbacks
):
    for _ in range(2):
        factories.registration(factories.session(), member=member)
    told = "À chaque séance, votre place"
    assert told in signed_in.get("/compte/supprimer/").text
    with django_capture_on_commit_callbacks(execute=True):
        erase(member)
    assert told in mail.outbox[-1].body


def test_erasing_says_nothing_of_what_there_is_not(signed_in):
    told = signed_in.get("/compte/supprimer/").text
    assert "annulées" not in told
    assert "brouillons" not in told


PRIVATE = ["/compte/", "/compte/inscriptions/", "/compte/contributions/", "/compte/supprimer/"]
PRIVATE += ["/compte/email/", "/compte/2fa/", "/compte/password/change/", "/compte/seances/"]


@pytest.mark.parametrize("path", PRIVATE)
def test_no_cache_keeps_what_is_private(sure, path):
    answer = sure.get(path)
    assert answer.status_code == 200
    assert {"private", "no-store"} & set(answer["Cache-Control"].replace(" ", "").split(","))
    assert answer["Referrer-Policy"] == "same-origin"


def test_signing_out_leaves_no_session(sure):
    assert Session.objects.count() == 1
    sure.post("/compte/logout/")
    assert not [row for row in Session.objects.all() if "_auth_user_id" in row.get_decoded()]
