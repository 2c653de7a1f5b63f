"""Every type of page, on a phone and on a screen: no axe violation, nothing too wide."""

import datetime

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_core_python.sync_playwright import Axe
from django.utils import timezone

from commons.members.accounts import open_account
from commons.pages.models import HomePage, PlainPage, SectionPage
from commons.resources.case_study import CaseOrganisation, Lesson
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VIEWS = [
    "/fr/recherche/?q=panier",
    "/fr/se-documenter/proposer/",
    "/fr/se-documenter/proposer/question/",
    "/fr/se-former/",
    "/fr/se-former/proposer/formation/",
    "/fr/se-mettre-en-reseau/agenda/proposer/evenement/",
    "/compte/login/",
    "/compte/signup/",
    "/compte/password/reset/",
    "/compte/inactive/",
    "/compte/password/reset/key/x-y/",
    "/fr/nulle-part/",
    "/nulle-part/",
]
MINE = [
    "/compte/",
    "/compte/email/",
    "/compte/donnees/",
    "/compte/inscriptions/",
    "/compte/password/change/",
    "/compte/reauthenticate/",
    "/compte/2fa/",
    "/compte/2fa/totp/activate/",
    "/compte/2fa/recovery-codes/",
    "/compte/2fa/recovery-codes/generate/",
    "/compte/2fa/totp/deactivate/",
]


@pytest.fixture
def addresses(site) -> list[str]:
    """One page of each type, as full as they come, and the views around them."""
    theme = factories.term("theme", "paniers", "Paniers de légumes")
    given = {"terms": [theme], "tags": ["livraison"], "credit": "Une ferme du réseau"}
    past = datetime.date(2020, 1, 1)
    comparison = {"constraint": "Livrer", "alone": "Chaque ferme.", "model": "Une tournée."}
    items = [{"type": "item", "value": "Compter les heures."}]
    pages = [
        factories.article(next_review_on=past, **given),
        factories.guide(legal_warning="À vérifier.", legal_date=past, **given),
        factories.external_resource(publisher="Un éditeur", seen_on=past, **given),
        factories.question(on_home=True, contact="La chambre d’agriculture.", **given),
        factories.generic_model(
            comparison=[{"type": "row", "value": comparison}],
            obstacles=items,
            levers=items,
            **given,
        ),
        full_case(given),
    ]
    pages += dated(given)
    home = HomePage.objects.get(slug="fr")
    section = SectionPage(title="Rubrique", slug="rubrique", lead="À venir.", show_in_menus=True)
    about = PlainPage(title="À propos", slug="a-propos", in_footer=True)
    for page in (section, about):
        page.locale = home.locale
        pages.append(home.add_child(instance=page))
    library = factories.library()
    paths = [page.get_url_parts()[2] for page in [home, library, *pages]]
    month = f"/fr/se-mettre-en-reseau/agenda/?month={timezone.localdate():%Y-%m}"
    return [*paths, f"{library.get_url_parts()[2]}?theme=paniers", month, *VIEWS]


def dated(given) -> list:
    """A training, a series, an event and a recording, each with what surrounds it."""
    recording = factories.recording(
        url="https://videos.exemple.org/w/abc",
        moments=[{"type": "moment", "value": {"at": "1:02", "title": "Le calcul"}, "id": "m"}],
        **given,
    )
    training = factories.training(for_whom="Les fermes.", price_note="Repas partagé.", **given)
    coming = factories.session(training, capacity=2, format="hybrid", commune="Crest")
    factories.registration(coming)
    factories.session(training, in_days=-9, replay=recording.page_ptr)
    entry = {"type": "entry", "value": {"when": "9 h", "title": "Accueil", "text": ""}, "id": "e"}
    market = factories.event(programme=[entry], organiser="Une ferme", **given)
    factories.session(market, sign_up="none", repeat="weekly", status="postponed")
    return [recording, training, factories.series(training, **given), market, market.get_parent()]


def full_case(given):
    case = factories.case_study(
        start_year=2015, budget_amount=10_000, budget_currency="EUR", place="Valençay", **given
    )
    case.organisations = [CaseOrganisation(name="Une association", employees=2, volunteers=0)]
    case.lessons = [Lesson(kind=kind, text="Un point.", locale=case.locale) for kind in Lesson.Kind]
    case.save_revision().publish()
    return case


@pytest.mark.parametrize(("width", "schemes"), [(360, ["light"]), (1280, ["light", "dark"])])
def test_no_type_of_page_breaks_a_rule_of_accessibility(addresses, open_page, width, schemes):
    found = {}
    for address in addresses:
        page = open_page(address, width=width)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            if broken := faults(page):
                found[address, scheme] = broken
        page.context.close()
    assert found == {}


def faults(page) -> list[str]:
    broken = [violation["id"] for violation in Axe().run(page)["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        broken.append("wider than the window")
    return broken


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_an_account_breaks_a_rule_of_accessibility(site, open_page, width):
    member = open_account("zoe@example.org", display_name="Zoé", password=factories.PASSWORD)
    page = open_page("/compte/login/", width=width)
    page.fill("#id_login", member.email)
    page.fill("#id_password", factories.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    found = {}
    for address in MINE:
        page.goto(f"{page.url.split('/compte/')[0]}{address}")
        if page.title().startswith("C’est bien vous"):
            found |= {f"{address}, asked again": broken for broken in [faults(page)] if broken}
            page.fill("#id_password", factories.PASSWORD)
            page.get_by_role("button", name="Continuer").click()
            page.goto(f"{page.url.split('/compte/')[0]}{address}")
        if broken := faults(page):
            found[address] = broken
        if address.endswith("/totp/activate/"):
            TOTP.activate(member, generate_totp_secret())
            RecoveryCodes.activate(member)
    assert found == {}


def test_the_menu_opens_without_script_on_a_small_screen(addresses, open_page):
    page = open_page(addresses[0], width=320, java_script_enabled=False)
    link = page.get_by_role("navigation", name="Rubriques").get_by_text("Se documenter")
    assert not link.is_visible()
    page.get_by_text("Menu", exact=True).click()
    assert link.is_visible()


def test_the_first_key_leads_past_the_menu(addresses, open_page):
    page = open_page(addresses[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('header') !== null")
