"""One door to sign in, and nothing of a stranger's behind it."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import translation
from wagtail.models import PageViewRestriction

from commons.agenda import registration
from commons.agenda.models import Registration
from commons.contributions.models import Contribution, State
from commons.members.accounts import confirmed_addresses, open_account
from commons.members.erasure import erase
from commons.members.models import OutgoingMail
from commons.members.privacy import ADDRESSES, OnErasure, export_of
from commons.refused import Refused
from tests import factories
from tests.addresses import every_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ONE_DOOR = "/compte/login/"
STRANGER = "nina@example.org"


def credentials(email: str) -> dict:
    """What any form to sign in may call them."""
    names = ("login", "username", "email", "user", "identifier")
    return dict.fromkeys(names, email) | {
        **dict.fromkeys(("password", "password1", "password2"), factories.PASSWORD),
        "next": "/compte/",
        "code": "000000",
        "remember": "on",
        "return_url": "/",
    }


def paths() -> list[str]:
    addresses = set()
    for language in ("fr", "en"):
        with translation.override(language):
            for value in ("1", "admin", "-"):
                addresses |= {one.path(lambda _name, v=value: v) for one in every_address()}
    return sorted(addresses)


def test_paths_lists_all_addresses():
    addresses = paths()
    assert len(addresses) > 400
    assert {ONE_DOOR, "/fr/_util/login/", "/en/_util/login/", "/admin/login/"} <= {*addresses}


def test_no_other_address_signs_in():
    person = open_account("lea@example.org", password=factories.PASSWORD)
    entered = []
    for path in paths():
        for data in ({}, {"content_type": "application/json"}):
            client = Client(raise_request_exception=False)
            typed = credentials(person.email)
            client.post(path, json.dumps(typed) if data else typed, **data)
            if SESSION_KEY in client.session:
                entered.append(path)
    assert set(entered) == {ONE_DOOR}


def test_sign_in_asks_for_the_second_factor_and_for_a_confirmed_address(client):
    coded = open_account("lea@example.org", password=factories.PASSWORD)
    TOTP.activate(coded, generate_totp_secret())
    factories.member(STRANGER, confirmed=False)
    for email in (coded.email, STRANGER):
        for path in paths():
            if "login" in path or "auth" in path or "password" in path:
                client.post(path, credentials(email))
                assert SESSION_KEY not in client.session, (email, path)


@pytest.mark.parametrize("path", ["/fr/_util/login/", "/en/_util/login/", "/admin/login/"])
def test_sign_in_pages_of_wagtail_redirect_to_the_only_one(client, path):
    answer = client.get(f"{path}?next=/fr/se-documenter/%3Fq%3Dlait")
    assert answer.status_code == 302
    assert answer["Location"] == f"{ONE_DOOR}?next=/fr/se-documenter/%3Fq%3Dlait"
    assert client.post(path, credentials(STRANGER)).status_code == 405


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.GROUPS])
def test_a_private_page_redirects_to_sign_in_and_back(client, library, kind):
    page = factories.article()
    PageViewRestriction.objects.create(page=page, restriction_type=kind)
    person = open_account("lea@example.org", password=factories.PASSWORD)
    answer = client.get(f"{page.url}?a=1")
    assert answer["Location"] == f"{ONE_DOOR}?next={page.url}%3Fa%3D1"
    form = client.get(answer["Location"]).content.decode()
    assert f"{page.url}?a=1" in form
    typed = {"login": person.email, "password": factories.PASSWORD, "next": page.url}
    assert client.post(ONE_DOOR, typed)["Location"] == page.url


@pytest.mark.parametrize("after", ["//evil.example", "https://evil.example/", "javascript:1"])
def test_sign_in_redirects_to_no_other_site(client, after):
    person = open_account("lea@example.org", password=factories.PASSWORD)
    typed = {"login": person.email, "password": factories.PASSWORD, "next": after}
    assert client.post(ONE_DOOR, typed)["Location"] == "/compte/"


class TestUnconfirmedAccount:
    """Somebody opens an account with Nina's address; Nina does without an account."""

    @pytest.fixture
    def impostor(self):
        return factories.member(STRANGER, confirmed=False)

    @pytest.fixture
    def seat(self):
        return factories.registration(factories.session(), email=STRANGER, name="Nina")

    @pytest.fixture
    def proposal(self, library):
        page = factories.article(live=False)
        return Contribution.objects.create(
            kind="article", email="Nina@example.org", name="Nina", state=State.IN_REVIEW, page=page
        )

    def test_has_no_confirmed_address(self, impostor):
        assert list(confirmed_addresses(impostor)) == []
        address = EmailAddress.objects.create(user=impostor, email=STRANGER, primary=True)
        assert list(confirmed_addresses(impostor)) == []
        address.verified = True
        address.save()
        assert list(confirmed_addresses(impostor)) == [STRANGER]

    def test_reads_nothing_of_a_stranger(self, client, impostor, seat, proposal):
        client.force_login(impostor)
        assert "Nina" not in client.get("/compte/inscriptions/").content.decode()
        assert seat.session.page.title not in client.get("/compte/inscriptions/").content.decode()
        assert str(proposal) not in client.get("/compte/contributions/").content.decode()
        assert seat.session.page.title in client.get(seat.session.page.url).content.decode()
        assert seat.token not in client.get(seat.session.page.url).content.decode()
        client.post("/compte/inscriptions/calendrier/")
        token = impostor.calendar_link.token
        feed = client.get(f"/compte/calendrier/{token}.ics").content.decode()
        assert "BEGIN:VEVENT" not in feed
        exported = json.dumps(export_of(impostor), default=str)
        assert "Registration" not in exported
        assert "Contribution" not in exported

    def test_is_not_taken_for_the_stranger_by_any_rule(self, impostor, seat, proposal):
        assert not Registration.objects.by(impostor).exists()
        assert not Contribution.objects.by(impostor).exists()
        assert not proposal.is_by(impostor)
        with pytest.raises(Refused, match="Confirmez d’abord"):
            registration.register(seat.session, member=impostor)
        with pytest.raises(Refused):
            registration.cancel(seat, by=impostor)
        seat.refresh_from_db()
        assert (seat.member, seat.is_active) == (None, True)

    def test_takes_nothing_with_it_when_it_is_erased(self, impostor, seat, proposal):
        OutgoingMail.objects.create(to=[STRANGER], subject="Votre place", content={})
        erase(impostor)
        seat.refresh_from_db()
        proposal.refresh_from_db()
        assert (seat.email, proposal.email, proposal.name) == (STRANGER, proposal.email, "Nina")
        assert OutgoingMail.objects.filter(subject="Votre place").exists()

    def test_once_confirmed_everything_is_there(self, client, impostor, seat, proposal):
        EmailAddress.objects.create(user=impostor, email=STRANGER, verified=True, primary=True)
        assert list(Registration.objects.by(impostor)) == [seat]
        assert list(Contribution.objects.by(impostor)) == [proposal]
        assert proposal.is_by(impostor)
        erase(impostor)
        assert not Registration.objects.filter(pk=seat.pk).exists()
        proposal.refresh_from_db()
        assert (proposal.email, proposal.name) == ("", "")

    def test_erasing_one_address_spares_a_longer_one(self, impostor):
        EmailAddress.objects.create(user=impostor, email=STRANGER, verified=True, primary=True)
        OutgoingMail.objects.create(to=[f"la-{STRANGER}"], subject="Pour une autre", content={})
        OutgoingMail.objects.create(to=[STRANGER], subject="Pour Nina", content={})
        erase(impostor)
        assert list(OutgoingMail.objects.values_list("subject", flat=True)) == ["Pour une autre"]


def test_each_column_that_holds_an_address_is_looked_up_by_confirmed_ones():
    """A new column that ties an address to an account comes here with its own look-up."""
    assert {name for name, fate in ADDRESSES.items() if fate is not OnErasure.KEEP} == {
        "agenda.Registration.email",
        "agenda.Session.contact_email",
        "contributions.Contribution.email",
    }
