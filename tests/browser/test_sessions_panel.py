"""In the admin, a new training offers its sessions as soon as it is saved by itself."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from commons.members.accounts import open_account
from commons.members.permissions import EDITOR
from tests import factories
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sessions_are_offered_after_the_first_autosave(open_page, site):
    section = factories.training().get_parent()
    editor = open_account("editrice@example.org", display_name="Ed", password=factories.PASSWORD)
    editor.groups.set([Group.objects.get(name=EDITOR)])
    address = f"/admin/pages/add/trainings/training/{section.pk}/"
    page = open_page(f"/compte/login/?next={address}")
    sign_in(page, editor.email)
    page.wait_for_url(f"**{address}")
    panel = page.locator("[data-sessions-of-page]")
    expect(panel.locator("a")).to_have_count(0)
    page.wait_for_timeout(2500)  # before that, Wagtail takes what is typed for what was there
    page.locator("#id_title").press_sequentially("Fixer un prix")
    link = panel.locator("a[href*='/compte/seances/nouvelle/']")
    expect(link).to_be_attached(timeout=15_000)
    link.click()
    expect(page.locator("#id_day")).to_be_visible()
