"""Each page carries the strict policy, and breaks it nowhere in a real browser."""

import re

import pytest

from commons.contributions import emails
from commons.contributions.models import Contribution
from commons.members.accounts import open_account
from tests import factories
from tests.browser.test_accessibility import addresses  # noqa: F401
from tests.browser.test_journeys import sign_in
from tests.contributions.form_data import BY_KIND, drafted, submitted, visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "camille@example.org"
FORBIDDEN = re.compile(r"unsafe-inline|unsafe-eval|\*|https?:")
SIGNED_IN = [
    *("/compte/", "/compte/contributions/", "/compte/supprimer/", "/compte/password/change/"),
    *(
        "/compte/2fa/",
        "/compte/email/",
        "/compte/logout/",
        "/compte/mes-donnees/",
        "/compte/donnees/",
    ),
    *("/fr/", "/fr/se-documenter/proposer/article/"),
]


def watched(page, address):
    """What the browser has to say against the page at `address`."""
    said = []
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(address, wait_until="networkidle")
    policy = answer.headers.get("content-security-policy", "")
    if "default-src 'self'" not in policy or FORBIDDEN.search(policy):
        said.append(f"policy: {policy}")
    # A page that answers « not found » is told as an error too.
    return [text for text in said if "Failed to load resource" not in text]


@pytest.fixture
def private(site):
    """The pages that one reaches by a private link, and the forms of each kind."""
    waiting = drafted(visitor("ana@example.org"))
    Contribution.objects.filter(pk=waiting.pk).update(state="unconfirmed")
    waiting.refresh_from_db()
    choose = "/fr/se-documenter/proposer/"
    key = emails.confirmation_key(waiting)
    return [
        *(f"{choose}{kind}/" for kind in BY_KIND),
        *(f"{choose}brouillon/{waiting.token}/", f"{choose}confirmer/{key}/"),
        *(f"{choose}confirmer/{key}x/", "/fr/se-documenter/?q=panierr", "/fr/recherche/?q=zzzz"),
    ]


def test_no_page_breaks_the_policy(addresses, private, open_page):  # noqa: F811
    page = open_page("/fr/")
    start = page.url.removesuffix("/fr/")
    article = addresses[2]
    under = [f"{article}citer/", "/en/", "/compte/confirm-email/"]
    found = {}
    for address in [*addresses, *private, *under]:
        window = page.context.new_page()
        if said := watched(window, start + address):
            found[address] = said
        window.close()
    assert found == {}


def test_no_page_of_an_account_breaks_the_policy(site, open_page):
    member = open_account(EMAIL, display_name="Camille", password=factories.PASSWORD)
    submitted(member)
    page = open_page("/compte/login/")
    start = page.url.removesuffix("/compte/login/")
    sign_in(page, EMAIL)
    found = {}
    for address in SIGNED_IN:
        window = page.context.new_page()
        if said := watched(window, start + address):
            found[address] = said
        window.close()
    assert found == {}


def test_writing_previewing_and_saving_break_nothing(site, open_page):
    said = []
    page = open_page("/fr/se-documenter/proposer/article/")
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.get_by_label("Titre", exact=True).fill("Un titre </script><script>alert(1)</script>")
    page.get_by_label("Votre texte").fill("## Un\n\n[x](https://exemple.org) <img src=x>")
    page.wait_for_timeout(2_500)
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Envoyer à la modération").click()
    page.wait_for_load_state("networkidle")
    page.locator("[name=q]").first.type("Un ti", delay=50)
    page.wait_for_timeout(800)
    assert said == []
