"""An address typed with signs that nobody sees, or pasted with what stood around it, is one."""

import importlib
import pkgutil

import allauth.account.forms as allauth_forms
import pytest
from allauth import app_settings as allauth_settings
from allauth.account import app_settings as account_settings
from allauth.account.app_settings import FORMS
from allauth.utils import get_form_class
from django import forms
from django.apps import apps
from django.db import models
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import commons
from commons.agenda.models import Registration
from commons.contributions.models import Contribution
from commons.members.accounts import open_account
from commons.members.models import Member
from commons.pages.fields import EmailField
from commons.pages.text import clean_email
from search.invisible import strip_invisible
from tests import factories
from tests.agenda.sign_up_pages import address, key_of, posted
from tests.contributions import form_data

INVISIBLE = (
    *"\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c",
    *"\u202e\u2060\u2061\u2066\u2069\u206a\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9",
    *"\U000e0001\U000e0061\U000e0100",
)
# What one pastes, types on a telephone or in another keyboard, and means `nina@exemple.fr` by.
SAME = [
    *(f"nina@exemple.fr{sign}" for sign in INVISIBLE),
    *(f"{sign}ni{sign}na@exem{sign}ple.fr" for sign in INVISIBLE),
    "ｎina＠exemple．fr",
    "nina＠exemple。fr",
    "𝐧ina@exemple.fr",
    "\u00a0nina@exemple.fr\u202f",
    "nina@ exemple. fr",
    "Nina@Exemple.FR",
    "nina@exemple.fr.",
    "nina@exemple.fr;",
    "<nina@exemple.fr>",
    "mailto:nina@exemple.fr",
    "MAILTO:nina@exemple.fr?subject=Bonjour",
    "Nina <nina@exemple.fr>",
    '"Nina (ferme) <x>" <nina@exemple.fr>',
    "Nina <mailto:nina@exemple.fr>",
]
# Not this address: another one, or no address at all.
OTHER = {
    "nina.d@exemple.fr": "nina.d@exemple.fr",
    "ninad@exemple.fr": "ninad@exemple.fr",
    "nina+amap@exemple.fr": "nina+amap@exemple.fr",
    "nina_@exemple.fr": "nina_@exemple.fr",
    "nina@ex-emple.fr": "nina@ex-emple.fr",
    "nina@xn--socit-esab.fr": "nina@société.fr",
    "nina@socie\u0301te\u0301.fr": "nina@société.fr",
    "nina@xn--strae-oqa.de": "nina@xn--strae-oqa.de",
    "²nina@exemple.fr": None,
    "ni na@exemple.fr": None,
    "nina@exemple.fr, lea@exemple.fr": None,
    "nіna@exemple.fr": None,  # a Cyrillic letter
    "nina.@exemple.fr": None,
    "@exemple.fr": None,
    "nina@": None,
    "<>": None,
}


@pytest.mark.parametrize("pasted", SAME, ids=ascii)
def test_an_address_as_people_paste_it(pasted):
    assert EmailField().clean(pasted) == "nina@exemple.fr"


@pytest.mark.parametrize(("typed", "kept"), OTHER.items(), ids=ascii)
def test_two_addresses_never_become_one(typed, kept):
    if kept is None:
        with pytest.raises(forms.ValidationError):
            EmailField().clean(typed)
    else:
        assert EmailField().clean(typed) == kept


@given(st.text())
def test_cleaning_an_address_twice_changes_nothing_more(text):
    assert clean_email(clean_email(text)) == clean_email(text)
    assert strip_invisible(clean_email(text)) == clean_email(text)


def every_form() -> list[type[forms.BaseForm]]:
    """The form classes of the project, wherever they are."""
    for module in pkgutil.walk_packages(commons.__path__, "commons."):
        if "migrations" not in module.name and not module.name.endswith("wsgi"):
            importlib.import_module(module.name)

    def below(parent):
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return sorted(
        {form for form in below(forms.BaseForm) if form.__module__.startswith("commons.")},
        key=lambda form: form.__qualname__,
    )


def is_ours(field) -> bool:
    return not isinstance(field, forms.EmailField) or isinstance(field, EmailField)


def test_every_form_reads_addresses_alike():
    found = every_form()
    # allauth's fields are replaced as its forms are made: see the next test.
    fields = [
        (f"{form.__qualname__}.{name}", field)
        for form in found
        if form not in served_by_allauth()
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    assert [name for name, field in fields if not is_ours(field)] == []
    assert len([name for name, field in fields if isinstance(field, EmailField)]) >= 5


def served_by_allauth() -> dict[type, dict]:
    """The classes that its views take, with what they are made with."""
    defaults = {
        "login": (allauth_forms.LoginForm, {}),
        "signup": (allauth_forms.SignupForm, {}),
        "add_email": (allauth_forms.AddEmailForm, {}),
        "reset_password": (allauth_forms.ResetPasswordForm, {}),
    }
    return {get_form_class(FORMS, name, form): made for name, (form, made) in defaults.items()}


@pytest.mark.django_db
def test_every_form_of_allauth_reads_addresses_alike(rf):
    for form, made in served_by_allauth().items():
        fields = form(**made).fields
        assert any(isinstance(field, EmailField) for field in fields.values()), form
        assert all(is_ours(field) for field in fields.values()), form


def test_no_other_door_of_allauth_takes_an_address():
    assert not account_settings.LOGIN_BY_CODE_ENABLED
    assert not account_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED
    assert not allauth_settings.SOCIALACCOUNT_ENABLED


def test_every_address_of_a_model_is_read_alike_in_forms():
    columns = [
        field
        for app in apps.get_app_configs()
        if app.name.startswith("commons")
        for model in app.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.EmailField)
    ]
    assert len(columns) >= 5
    assert [str(column) for column in columns if not is_ours(column.formfield())] == []


@pytest.mark.usefixtures("site")
class TestFromOutside:
    PASTED = (
        "nina@exemple.fr",
        "nina@exemple.fr\u200b",
        "\u00adｎina＠exemple．fr",
        "Nina <nina@exemple.fr>",
    )

    @pytest.fixture(autouse=True)
    def _db(self, db):
        """Each of these writes."""

    def test_one_seat_however_the_address_was_pasted(self):
        session = factories.session(capacity=5)
        for pasted in self.PASTED:
            assert Client().post(address(session), posted(email=pasted)).status_code == 302
            found = Registration.objects.get()
            assert found.email == "nina@exemple.fr"
            Client().post(key_of(found))
        assert Registration.objects.get().state == "confirmed"

    def test_one_account(self, client):
        member = open_account("nina@exemple.fr\u200b", password=factories.PASSWORD)
        assert (member.email, open_account("\u2060nina@exemple.fr")) == ("nina@exemple.fr", member)
        for pasted in self.PASTED:
            answer = Client().post(
                "/compte/login/", {"login": pasted, "password": factories.PASSWORD}
            )
            assert answer.status_code == 302, pasted
            sign_up = {"email": pasted, "display_name": "N", "password1": "une longue phrase sûre"}
            Client().post("/compte/signup/", {**sign_up, "charter": "on"})
        assert Member.objects.filter(email__icontains="exemple.fr").count() == 1

    def test_a_new_address(self, client):
        member = open_account("lea@exemple.fr", password=factories.PASSWORD)
        client.post("/compte/login/", {"login": member.email, "password": factories.PASSWORD})
        client.post("/compte/email/", {"email": self.PASTED[2], "action_add": "1"})
        assert member.emailaddress_set.filter(email="nina@exemple.fr").exists()

    def test_a_forgotten_password(self, client, mailoutbox):
        open_account("nina@exemple.fr", password=factories.PASSWORD)
        client.post("/compte/password/reset/", {"email": self.PASTED[1]})
        assert [mail.to for mail in mailoutbox] == [["nina@exemple.fr"]]
        assert "/compte/password/reset/key/" in mailoutbox[0].body

    def test_who_sends_a_proposal(self, client, library):
        for pasted in self.PASTED:
            write = "/fr/se-documenter/proposer/article/"
            client.post(write, form_data.posted(sender_email=pasted))
        found = Contribution.objects.values_list("email", flat=True)
        assert list(found) == ["nina@exemple.fr"] * len(self.PASTED)

    def test_a_limit_of_mails_counts_one_address(self, client, library, mailoutbox):
        for sign in INVISIBLE[:8]:
            write = "/fr/se-documenter/proposer/article/"
            client.post(write, form_data.posted(sender_email=f"nina@exemple.fr{sign}"))
        assert len(mailoutbox) == 3  # the newcomer's day

    def test_who_an_organiser_adds(self, client):
        session = factories.session(capacity=5)
        client.force_login(factories.member(is_superuser=True))
        path = f"/compte/seances/{session.pk}/"
        for pasted in self.PASTED:
            client.post(path, {"do": "add", "name": "Nina\u200b", "email": pasted})
        found = Registration.objects.get()
        assert (found.email, found.name) == ("nina@exemple.fr", "Nina")

    def test_an_account_made_by_an_administrator(self, client):
        client.force_login(factories.member(is_superuser=True, is_staff=True))
        for pasted in self.PASTED:
            client.post(
                "/admin/users/new/", {"email": pasted, "display_name": "Nina", "language": "fr"}
            )
        assert Member.objects.filter(email="nina@exemple.fr").count() == 1
        assert Member.objects.filter(email__icontains="exemple").count() == 1
