"""An editor translates a page in a real browser: the screens speak French, and can be read."""

import pytest
from axe_core_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from commons.members.accounts import open_account
from commons.members.permissions import EDITOR
from tests import factories
from tests.admin_crawl import english
from tests.browser.test_journeys import sign_in
from tests.pages.translating import english_library, submit, translated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def copy(site):
    editor = open_account("editrice@example.org", display_name="Ed", password=factories.PASSWORD)
    editor.groups.set([Group.objects.get(name=EDITOR)])
    english_library()
    page = factories.article(title="Vendre au marché du village", slug="vendre")
    submit(page)
    return translated(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_french_is_refused_in_words_that_can_be_read_then_left_as_it_is(copy, open_page, width):
    address = f"/admin/pages/{copy.pk}/edit/"
    page = open_page(f"/compte/login/?next={address}", width=width, locale="fr-FR")
    sign_in(page, "editrice@example.org")
    page.get_by_role("button", name="Publier en").first.click()
    way = page.get_by_role("link", name="La laisser telle quelle…")
    expect(way).to_be_visible()
    page.wait_for_timeout(600)  # the band slides in
    assert Axe().run(page, context=".messages")["violations"] == []
    way.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Laisser la page telle quelle")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert Axe().run(page, context="#main")["violations"] == []
    page.get_by_role("button", name="Oui, la laisser en français").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()
    page.get_by_role("button", name="Publier en").first.click()
    expect(page.get_by_text("est en ligne (Anglais)")).to_be_visible()


def test_the_translators_screen_speaks_french(copy, open_page):
    page = open_page(f"/compte/login/?next=/admin/pages/{copy.pk}/edit/", locale="fr-FR")
    sign_in(page, "editrice@example.org")
    expect(page.get_by_text("Traduction : Français → Anglais").first).to_be_visible()
    page.get_by_role("button", name="Traduire", exact=True).first.click()
    page.locator(".js-translation-editor textarea").fill("Vendre en ligne, partout")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Traduit", exact=True)).to_be_visible()
    texts = page.locator(".js-translation-editor").evaluate(
        "root => [...root.querySelectorAll('*')].filter(one => !one.children.length)"
        ".map(one => one.textContent.trim())"
    )
    assert {text for text in texts if english(text)} == set()
    contrast = {"runOnly": ["color-contrast"]}
    seen = Axe().run(page, context=".js-translation-editor", options=contrast)
    assert seen["violations"] == []
