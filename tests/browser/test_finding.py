"""The library and the search in a real browser: order, suggestions, small screens."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIBRARY = "/fr/se-documenter/"


@pytest.fixture
def shelf(library):
    themes = [factories.term("theme", f"t{n}", f"Thème {n}") for n in range(7)]
    stages = [factories.term("stage", f"e{n}", f"Étape {n}") for n in range(2)]
    for number, theme in enumerate(themes):
        factories.article(title=f"Casier {number}", terms=[theme, stages[number % 2]])
    factories.article(title="Choisir son statut juridique")


def tick(page, name):
    page.get_by_label(re.compile(name)).check()


def test_sorting_by_mouse_applies_at_once_and_keeps_what_is_ticked(open_page, shelf):
    page = open_page(LIBRARY + "?q=casier")
    tick(page, "Étape 0")
    select = page.get_by_label("Trier par")
    select.dispatch_event("pointerdown")
    select.select_option("title")
    page.wait_for_url(re.compile(r"stage=e0.*sort=title|sort=title.*stage=e0"))
    expect(page.get_by_label(re.compile("Étape 0"))).to_be_checked()
    expect(page.locator(".result h3")).to_have_text(
        ["Casier 0", "Casier 2", "Casier 4", "Casier 6"]
    )
    expect(page.get_by_label("Trier par")).to_have_value("title")


def test_sorting_by_keyboard_waits_for_enter(open_page, shelf):
    page = open_page(LIBRARY + "?q=casier")
    before = page.url
    page.get_by_label("Trier par").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    assert page.url == before
    expect(page.get_by_label("Trier par")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Trier")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort=reviewed"))


def test_words_typed_after_choosing_no_order_are_answered_by_relevance(open_page, shelf):
    page = open_page(LIBRARY)
    page.get_by_label("Chercher une ressource").fill("casier")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=casier"))
    expect(page.get_by_label("Trier par").locator("option:checked")).to_have_text("Pertinence")


@pytest.mark.parametrize("scripts", [True, False])
def test_all_values_keep_what_is_ticked_and_typed(open_page, shelf, scripts):
    page = open_page(LIBRARY, java_script_enabled=scripts)
    page.get_by_label("Chercher une ressource").fill("casier")
    tick(page, "Étape 1")
    page.get_by_role("button", name="Voir tout : Thème").click()
    page.wait_for_url(re.compile("all=theme"))
    expect(page.get_by_label(re.compile("Étape 1"))).to_be_checked()
    expect(page.get_by_label("Chercher une ressource")).to_have_value("casier")
    expect(page.locator("#filtre-theme input")).to_have_count(3)
    assert page.url.endswith("#filtre-theme")


@pytest.mark.parametrize("words", ["statut jur", "statuts juridik", "casiet"])
def test_suggestions_are_said(open_page, shelf, words):
    page = open_page("/fr/recherche/")
    box = page.get_by_role("combobox", name="Vos mots")
    box.press_sequentially(words)
    expect(page.locator("#q-suggestions [role=option]").first).to_be_visible()
    said = page.locator("#q-suggestions + [role=status]")
    expect(said).to_have_text(re.compile(r"^(1 suggestion|\d suggestions)$"))
    box.fill("zzyzx")
    expect(said).to_have_text("Aucune suggestion")
    expect(page.locator("#q-suggestions")).to_be_hidden()


def test_the_list_fits_a_phone(open_page, shelf):
    page = open_page(LIBRARY + "?q=casier&theme=t1&sort=recent", width=360)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page = open_page(LIBRARY + "?q=casier&sort=reviewed", width=360)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
