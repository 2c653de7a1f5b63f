"""The buttons above a box: they write the signs, by mouse or keyboard, and one may undo them."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WRITE = "/fr/se-documenter/proposer/article/"


def test_each_button_writes_its_signs(open_page, library):
    page = open_page(WRITE)
    box = page.get_by_label("Votre texte")
    group = page.get_by_role("group", name="Mettre en forme")

    def press(name, *, chosen, typed="lait frais\nœufs\n\npain"):
        """The text after pressing the button while the words `chosen` are selected."""
        box.fill(typed)
        at = typed.index(chosen) if chosen else len(typed)
        box.evaluate("(box, at) => box.setSelectionRange(...at)", [at, at + len(chosen)])
        group.get_by_role("button", name=name).click()
        expect(box).to_be_focused()
        return box.input_value()

    assert press("Gras", chosen="lait ") == "**lait** frais\nœufs\n\npain"
    assert press("Gras", chosen="frais\nœufs") == "lait **frais**\n**œufs**\n\npain"
    assert press("Gras", chosen="", typed="a ") == "a **mots en gras**"
    page.keyboard.type("lait")  # over the words that were put there
    assert box.input_value() == "a **lait**"
    assert press("Intertitre", chosen="frais") == "## lait frais\nœufs\n\npain"
    assert press("Liste", chosen="frais\nœufs\n\npa") == "- lait frais\n- œufs\n\n- pain"
    group.get_by_role("button", name="Liste").click()
    assert press("Liste", chosen="a\n- b", typed="- a\n- b") == "a\nb"
    assert press("Liste", chosen="", typed="") == "- "
    assert press("Lien", chosen="frais") == "lait [frais](https://)\nœufs\n\npain"
    page.keyboard.type("ferme.fr")
    assert box.input_value() == "lait [frais](ferme.fr)\nœufs\n\npain"
    typed = "voir https://ferme.fr ici"
    assert press("Lien", chosen="https://ferme.fr", typed=typed) == (
        "voir [texte du lien](https://ferme.fr) ici"
    )


def test_by_keyboard_and_back_again(open_page, library):
    page = open_page(WRITE)
    box = page.get_by_label("Votre texte")
    box.click()
    page.keyboard.type("lait")
    page.keyboard.press("Control+a")
    for _ in range(4):  # lien, liste, intertitre, gras
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert box.input_value() == "**lait**"
    page.keyboard.press("Control+z")
    assert box.input_value() == "lait"


def test_the_draft_is_saved_after_a_button(open_page, library):
    page = open_page(WRITE)
    page.get_by_label("Titre", exact=True).fill("Le lait")
    page.get_by_role("button", name="Gras").first.click()
    expect(page.locator("[data-saved]")).to_contain_text("Brouillon enregistré", timeout=8_000)
    page.reload()
    expect(page.get_by_label("Votre texte")).to_have_value(re.compile("mots en gras"))


def test_without_javascript_the_help_suffices(open_page, library):
    page = open_page(WRITE, java_script_enabled=False)
    assert page.get_by_role("button", name="Gras").count() == 0
    expect(page.locator("#id_text_helptext")).to_contain_text("**gras**")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_box_fits(open_page, library, width, tmp_path):
    page = open_page(WRITE, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("group", name="Mettre en forme").first.scroll_into_view_if_needed()
    page.screenshot(path=f"/tmp/text-box-{width}.png")
