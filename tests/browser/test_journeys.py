"""What a person does, from end to end, in a real browser: read, propose, moderate, find."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from commons.contributions.models import Contribution, State
from commons.members.accounts import open_account
from commons.members.permissions import MODERATOR
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HUMAN = 3_500  # milliseconds that a person takes at least to fill a form


@pytest.fixture
def moderator(site):
    return open_account(
        "lecture@example.org",
        display_name="Lecture",
        groups=[MODERATOR],
        password=factories.PASSWORD,
    )


@pytest.fixture
def author(site):
    return open_account("camille@example.org", display_name="Camille", password=factories.PASSWORD)


def sign_in(page, email):
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"^(?!.*/compte/login/)"))


def decide(page, button, comment=""):
    """Take a decision on the moderators' page."""
    page.get_by_label("Votre mot à l’auteur").fill(comment)
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def test_a_member_proposes_a_moderator_publishes_a_visitor_finds(open_page, author, moderator):
    page = open_page("/fr/se-documenter/")
    page.get_by_role("link", name="Proposer une ressource").first.click()
    page.get_by_role("link", name=re.compile("article", re.IGNORECASE)).first.click()
    page.goto(page.url.replace("/fr/", "/compte/login/?next=/fr/", 1))
    sign_in(page, author.email)
    page.get_by_label("Titre", exact=True).fill("La tournée partagée des trois fermes")
    page.get_by_label("Résumé").fill("Trois fermes livrent ensemble.")
    page.get_by_label("Votre texte").fill("## Le mardi\n\nUne seule **camionnette**.")
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_role("heading", name="Le mardi")).to_be_visible()
    page.get_by_label(re.compile("J’ai le droit de partager")).check()
    page.get_by_role("button", name="Envoyer à la modération").click()
    expect(page).to_have_url(re.compile("/compte/contributions/"))
    expect(page.get_by_text("En cours de lecture").first).to_be_visible()

    reader = open_page("/fr/recherche/?q=camionnette")
    expect(reader.get_by_role("link", name="La tournée partagée des trois fermes")).to_have_count(0)

    office = open_page("/compte/login/?next=/admin/relecture/", locale="fr-FR")
    sign_in(office, moderator.email)
    office.get_by_role("link", name="La tournée partagée des trois fermes").first.click()
    decide(office, "Accepter et publier")
    expect(office.get_by_text("La tournée partagée des trois fermes").first).to_be_visible()
    assert Contribution.objects.get().state == State.ACCEPTED

    reader.reload()
    reader.get_by_role("link", name="La tournée partagée des trois fermes").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        "La tournée partagée des trois fermes"
    )
    library = open_page("/fr/se-documenter/")
    expect(library.get_by_role("link", name="La tournée partagée des trois fermes")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Publiée").first).to_be_visible()


def test_a_visitor_without_javascript_proposes_and_answers_what_is_asked(open_page, moderator):
    page = open_page("/fr/se-documenter/proposer/question/", java_script_enabled=False, width=360)
    page.get_by_label("La question").fill("Qui assure un marché à la ferme ?")
    page.get_by_label("Résumé").fill("L’assurance des ventes à la ferme.")
    page.get_by_label("La réponse").fill("Votre assureur, par une extension.")
    page.get_by_label(re.compile("J’ai le droit de partager")).check()
    page.get_by_label("Votre nom").fill("Dominique")
    page.get_by_label("Votre adresse e-mail").fill("dominique@example.org")
    asked = page.locator("[data-sum] label").inner_text()
    numbers = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
    first, second = re.search(r"font (\w+) plus (\w+)", asked).groups()
    page.locator("[name=sum]").fill(str(numbers.index(first) + numbers.index(second) + 4))
    page.wait_for_timeout(HUMAN)
    page.get_by_role("button", name="Envoyer à la modération").click()
    assert page.context.cookies() == []
    assert Contribution.objects.get().state == State.UNCONFIRMED

    link = re.search(r"http\S+/confirmer/\S+", mail.outbox[-1].body)[0]
    page.goto(page.url.split("/fr/")[0] + "/fr/" + link.split("/fr/")[1])
    assert Contribution.objects.get().state == State.UNCONFIRMED
    page.locator("main form button[type=submit]").click()
    assert Contribution.objects.get().state == State.IN_REVIEW

    office = open_page("/compte/login/?next=/admin/relecture/", locale="fr-FR")
    sign_in(office, moderator.email)
    office.get_by_role("link", name="Qui assure un marché à la ferme ?").first.click()
    decide(office, "Demander des modifications", "Citez le code des assurances.")
    expect(office.get_by_text(re.compile("Qui assure")).first).to_be_visible()
    assert Contribution.objects.get().state == State.CHANGES_ASKED
    assert "Citez le code des assurances." in mail.outbox[-1].body

    page.reload()
    expect(page.get_by_text("Citez le code des assurances.")).to_be_visible()
    page.get_by_label("La réponse").fill("Votre assureur : voyez le code des assurances.")
    page.get_by_role("button", name="Envoyer à la modération").click()
    assert Contribution.objects.get().state == State.IN_REVIEW
    assert page.context.cookies() == []


def test_a_reader_filters_the_library_by_keyboard_without_javascript(open_page, library):
    theme = factories.term("theme", "paniers", "Paniers de légumes")
    kept = factories.article(title="Composer un panier", terms=[theme])
    factories.article(title="Louer une terre")
    page = open_page("/fr/se-documenter/", java_script_enabled=False)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.get_by_label(re.compile("Paniers de légumes")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("theme=paniers"))
    expect(page.get_by_role("link", name=kept.title)).to_be_visible()
    expect(page.get_by_role("link", name="Louer une terre")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Paniers de légumes")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Louer une terre")).to_be_visible()


def test_no_page_asks_another_host(open_page, site):
    resource = factories.article()
    page = open_page("/fr/se-documenter/")
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in ("/fr/", "/fr/se-documenter/", resource.get_url_parts()[2], "/compte/login/"):
        page.goto(f"http://{page.url.split('/')[2]}{path}", wait_until="networkidle")
    assert hosts == {page.url.split("/")[2]}
