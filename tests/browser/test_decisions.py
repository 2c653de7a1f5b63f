"""A moderator decides in a real browser, with the editor's autosave on: one click, two clicks.

`CLICKS=50 pytest tests/browser/test_decisions.py` repeats each case fifty times.
"""

import os
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from commons.contributions.models import Contribution, State
from commons.contributions.moderation import RESULTS, Decision
from commons.resources.models import Article
from tests import factories
from tests.browser.test_accessibility import faults
from tests.contributions.form_data import act, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT = int(os.environ.get("CLICKS", "2"))
BUTTONS = {
    Decision.ACCEPT: "Accepter et publier",
    Decision.ASK: "Demander des modifications",
    Decision.REFUSE: "Refuser",
}


@pytest.fixture
def moderator(site):
    return factories.member(display_name="Marc", groups=["Modération"])


@pytest.fixture
def office(open_page, moderator):
    """Opens an address of the admin as the moderator."""
    client = Client()
    client.force_login(moderator)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    def opened(path, **options):
        page = open_page("/healthz", locale="fr-FR", **options)
        url = page.url.removesuffix("/healthz")
        named = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}
        page.context.add_cookies([named])
        page.goto(url + path)
        return page

    return opened


def at(contribution) -> str:
    return reverse("moderation_decision", args=[contribution.pk])


def choose(page, decision, *, clicks=1):
    if decision != Decision.ACCEPT:
        page.get_by_label("Votre mot à l’auteur").fill("Ajoutez les prix.")
    button = page.get_by_role("button", name=BUTTONS[decision])
    page.evaluate("window.asked = true")
    button.click(click_count=clicks, no_wait_after=True)
    page.wait_for_function("!window.asked")  # another page stands there
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("clicks", [1, 2])
@pytest.mark.parametrize("decision", Decision)
def test_clicks_are_one_decision_with_autosave_on(office, decision, clicks):
    author = factories.member()
    first = submitted(author, title="Le premier")
    page, failures, decided, again = office(at(first)), [], 0, 0
    page.on("dialog", lambda dialog: dialog.accept())
    page.on("response", lambda r: failures.append(r.url) if r.status >= 500 else None)
    start = page.url.split("/admin/")[0]
    for number in range(COUNT):
        one = first if number == 0 else submitted(factories.member(), title=f"Texte {number}")
        # The text is mended in the editor first; every other time its autosave is still under way.
        page.goto(start + reverse("wagtailadmin_pages:edit", args=[one.page_id]))
        page.locator("#id_title").press_sequentially(" revu")
        if number % 2:
            page.wait_for_timeout(1_500)
        page.get_by_role("link", name="Lire et décider").last.click()
        page.wait_for_url(re.compile(r"/relecture/\d+/$"))
        choose(page, decision, clicks=clicks)
        while page.get_by_text("Ce texte a changé depuis que vous l’avez ouvert").count():
            again += 1
            choose(page, decision, clicks=clicks)
        one.refresh_from_db()
        one.page.refresh_from_db()
        assert (one.state, one.events.count()) == (RESULTS[decision], 2)
        assert one.page.live == (decision == Decision.ACCEPT)
        decided += 1
    print(f"{decision}, {clicks} click(s): {decided} decisions, {again} read again")
    assert failures == []
    assert Article.objects.filter(live=True).count() == (COUNT if decision == "accept" else 0)


def test_a_moderator_reads_on_a_telephone_without_javascript(office):
    one = submitted(factories.member(display_name="Léa"), title="La tournée partagée")
    page = office("/admin/relecture/", width=360, java_script_enabled=False)
    page.get_by_role("link", name="La tournée partagée").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="La tournée partagée")).to_be_visible()
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("Donnez la raison")).to_be_visible()
    page.get_by_label("Votre mot à l’auteur").fill("Déjà dit ailleurs.")
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("Rien n’attend votre décision")).to_be_visible()
    assert Contribution.objects.get(pk=one.pk).state == State.REFUSED


def test_without_a_word_a_telephone_stands_at_the_box_and_says_why(office):
    one = submitted(factories.member(), title="La tournée partagée")
    page = office(at(one), width=360)
    page.get_by_role("link", name="Aller à la décision").click()
    page.get_by_role("button", name="Refuser").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    expect(page.get_by_text("Donnez la raison")).to_be_in_viewport()
    expect(page.get_by_label("Votre mot à l’auteur")).to_be_focused()


def test_a_moderator_decides_by_keyboard(office):
    one = submitted(factories.member(), title="La tournée partagée")
    page = office(at(one))
    page.get_by_label("Votre mot à l’auteur").focus()
    page.keyboard.type("Merci !")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Accepter et publier")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/relecture/$"))
    assert Contribution.objects.get(pk=one.pk).events.last().comment == "Merci !"


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_moderation_breaks_a_rule_of_accessibility(office, moderator, width):
    asked = submitted(factories.member(display_name="Léa"), message="C’est urgent")
    act(asked, "ask", by=moderator, comment="Des prix ?")
    waiting = submitted(factories.member(), title="Un titre d’une longueur qui ne tient pas")
    found = {}
    for path in ("/admin/relecture/", at(waiting), at(asked), "/admin/relecture/toutes/"):
        page = office(path, width=width)
        page.wait_for_load_state("networkidle")
        if broken := faults(page):
            found[path] = broken
        page.context.close()
    assert found == {}
