"""The first set-up of a real site."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from commons.members.models import Member
from commons.pages.models import HomePage, PlainPage
from commons.pages.site_settings import SiteDetails
from commons.pages.visibility import visible_pages
from commons.resources.models import LibraryPage
from commons.trainings.models import TrainingsPage


@pytest.mark.django_db
def test_setup_opens_a_real_site(monkeypatch, client):
    monkeypatch.setenv("ADMIN_PASSWORD", "une-phrase-assez-longue")
    call_command("setup", "Admin@Example.org")
    call_command("setup", "admin@example.org")
    member = Member.objects.get()
    assert member.is_superuser
    assert member.check_password("une-phrase-assez-longue")
    assert LibraryPage.objects.get().get_children().count() == 0
    assert TrainingsPage.objects.get().slug == "se-former"
    assert PlainPage.objects.filter(slug="confidentialite", in_footer=True).exists()
    assert SiteDetails.objects.get().charter.title == "Charte de contribution"
    for page in visible_pages(AnonymousUser()).filter(depth__gt=1):
        assert client.get(page.get_url()).status_code == 200, page.url_path


@pytest.mark.django_db
def test_setup_refuses_what_is_no_address():
    with pytest.raises(CommandError, match="pas une adresse"):
        call_command("setup", "admin")


@pytest.mark.django_db
def test_setup_can_be_tried_without_writing(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "une-phrase-assez-longue")
    call_command("setup", "admin@example.org", dry_run=True)
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_load_demo_can_be_tried_without_writing():
    call_command("load_demo", dry_run=True)
    assert not HomePage.objects.exists()
    assert not Member.objects.exists()
