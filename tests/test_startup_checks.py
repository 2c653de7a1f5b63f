"""A production start refuses what would put people at risk, and says what to do."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from commons.startup_checks import check_accounts, check_settings, refuse_unsafe_start
from tests import factories


@pytest.fixture
def production(settings):
    settings.LOCAL = False
    settings.DEBUG = False
    settings.DEMO = False
    settings.SITE_URL = "https://commun.example"
    settings.SECRET_KEY = "Q3mVb7wZt1yXc9sRk5pLd2nHf8gJaU4e-oiE6"[:37] + "xyz0A"
    return settings


def ids(problems):
    return [problem.id for problem in problems]


def test_sound_settings_raise_nothing(production):
    assert check_settings() == []


def test_debug_on_a_public_address_is_refused(production):
    production.DEBUG = True
    assert ids(check_settings()) == ["commons.E001"]


@pytest.mark.parametrize("key", ["short", "a" * 60, "only-for-this-machine-" + "0123456789" * 4])
def test_weak_secret_is_refused(production, key):
    production.SECRET_KEY = key
    assert ids(check_settings()) == ["commons.E002"]


def test_public_address_without_tls_is_told(production):
    production.SITE_URL = "http://commun.example"
    assert ids(check_settings()) == ["commons.W001"]


def test_one_machine_may_do_as_it_likes(production):
    production.LOCAL = True
    production.DEBUG = True
    production.SECRET_KEY = "short"
    assert check_settings() == []


@pytest.mark.django_db
def test_demo_accounts_are_refused_until_they_are_closed(production):
    factories.member("admin@example.org")
    assert ids(check_accounts()) == ["commons.E003"]
    with pytest.raises(ImproperlyConfigured, match="close_demo_accounts"):
        refuse_unsafe_start()
    call_command("close_demo_accounts", verbosity=0)
    assert check_accounts() == []
    refuse_unsafe_start()


@pytest.mark.django_db
def test_demo_accounts_are_welcome_in_a_demo_on_one_machine(production):
    factories.member("admin@example.org")
    production.DEMO = True
    assert ids(check_accounts()) == ["commons.E003"]
    production.LOCAL = True
    assert check_accounts() == []


@pytest.mark.django_db
def test_dry_run_closes_nothing(production, capsys):
    member = factories.member("membre@example.org")
    call_command("close_demo_accounts", dry_run=True)
    assert capsys.readouterr().out == "membre@example.org\n"
    member.refresh_from_db()
    assert member.is_active
