"""Our screens of the admin in a real browser: readable in both themes, on a phone, and they act."""

import datetime

import pytest
from axe_core_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.utils import timezone

from commons.members.accounts import open_account
from commons.members.permissions import EDITOR
from commons.resources.models import Guide
from search.models import Gap
from tests import factories
from tests.browser.test_journeys import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = ["/admin/", "/admin/aide/", "/admin/a-relire/", "/admin/nouvelle-date/"]


@pytest.fixture
def editor(site):
    member = open_account("editrice@example.org", display_name="Ed", password=factories.PASSWORD)
    member.groups.set([Group.objects.get(name=EDITOR)])
    past = timezone.localdate() - datetime.timedelta(days=2)
    factories.guide(title="À revoir", next_review_on=past)
    factories.session()
    return member


@pytest.mark.parametrize("width", [360, 1280])
def test_our_screens_break_no_rule_of_accessibility(editor, open_page, width):
    page = open_page("/compte/login/?next=/admin/", width=width)
    sign_in(page, editor.email)
    page.wait_for_url("**/admin/")
    site = page.url.split("/admin/")[0]
    found = {}
    for address in SCREENS:
        page.goto(site + address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(400)  # its colours fade
            broken = Axe().run(page, context="#main")["violations"]
            if broken:
                found[address, scheme] = [
                    (rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in broken
                ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[address, scheme, "width"] = "wider than the window"
    assert found == {}


def test_a_message_keeps_the_menu_off_the_title_of_a_phone(editor, open_page):
    page = open_page("/compte/login/?next=/admin/", width=360)
    sign_in(page, editor.email)
    page.get_by_text("Bonjour").wait_for()
    page.wait_for_timeout(600)  # the band slides in
    menu = page.locator(".sidebar-nav-toggle").bounding_box()
    title = page.get_by_role("heading", level=1).bounding_box()
    assert menu["y"] + menu["height"] < title["y"]


def test_tables_and_their_titles_fit_a_phone(editor, open_page):
    Gap.objects.create(words="zythologie", language="fr", times=3)
    page = open_page("/compte/login/?next=/admin/", width=360, locale="fr-FR")
    sign_in(page, editor.email)
    page.wait_for_url("**/admin/")
    site = page.url.split("/admin/")[0]
    for address in ("/admin/recherches/", "/admin/a-relire/", "/admin/relecture/toutes/"):
        page.goto(site + address)
        for inside in ("table.listing", ".w-breadcrumbs"):
            for one in page.locator(inside).all():
                assert one.evaluate("one => one.scrollWidth - one.clientWidth") <= 1, address


def test_a_page_is_said_to_be_read_by_one_click(editor, open_page):
    page = open_page("/compte/login/?next=/admin/a-relire/")
    sign_in(page, editor.email)
    page.get_by_role("button", name="Relue aujourd’hui").click()
    page.get_by_text("relue aujourd’hui. Prochaine relecture").wait_for()
    assert Guide.objects.get().reviewed_on == timezone.localdate()


def test_home_leads_to_a_guide_with_its_first_chapter(editor, open_page):
    page = open_page("/compte/login/?next=/admin/")
    sign_in(page, editor.email)
    page.get_by_role("link", name="Écrire un guide").click()
    page.locator("[name$='-value-title']").first.wait_for()
    assert page.locator("[name$='-value-title']").first.input_value() == "Par où commencer"
    assert page.locator("[name=go_live_at]").is_visible()
    assert page.title().startswith("Nouveau\u00a0: Guide")  # Wagtail writes an English colon
