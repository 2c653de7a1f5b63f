"""Signing up for a session in a real browser: three clicks, no account, no script, no mouse."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from commons.agenda.models import Format, SignUp, State
from commons.members.accounts import open_account
from tests import factories
from tests.agenda.sign_up_pages import address, key_of, private
from tests.browser.test_accessibility import faults
from tests.browser.test_journeys import HUMAN, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBERS = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]


@pytest.fixture
def member(site):
    return open_account("camille@example.org", display_name="Camille", password=factories.PASSWORD)


@pytest.fixture
def session(site):
    video = "https://visio.example/abc"
    return factories.session(capacity=5, format=Format.ONLINE, video_url=video)


def page_of(session) -> str:
    return session.page.get_url_parts()[2]


def answer_the_sum(page):
    asked = page.locator("[data-sum] label").inner_text()
    first, second = re.search(r"font (\w+) plus (\w+)", asked).groups()
    page.locator("[name=sum]").fill(str(NUMBERS.index(first) + NUMBERS.index(second) + 4))


def open_the_mail(page):
    link = re.search(r"http\S+/compte/\S+/confirmer/\S+", mail.outbox[-1].body)[0]
    page.goto(page.url.split("/fr/")[0] + "/compte/" + link.split("/compte/")[1])


def test_a_member_signs_up_in_three_clicks_joins_and_leaves(open_page, member, session):
    page = open_page(f"/compte/login/?next={page_of(session)}")
    sign_in(page, member.email)
    page.get_by_role("link", name=re.compile("^S’inscrire")).click()
    page.get_by_role("button", name="Confirmer mon inscription").click()
    expect(page.get_by_text("Votre inscription est confirmée", exact=True)).to_be_visible()
    assert session.registrations.get().state == State.CONFIRMED

    page.goto(page.url.split("/compte/")[0] + page_of(session))
    join = page.get_by_role("link", name="Rejoindre la visioconférence")
    assert join.get_attribute("href") == session.video_url
    page.get_by_role("link", name="Annuler mon inscription").click()
    page.get_by_role("button", name="Oui, annuler mon inscription").click()
    expect(page.get_by_text("Votre inscription est annulée").first).to_be_visible()
    assert session.registrations.get().state == State.CANCELLED


def test_a_visitor_without_javascript_signs_up_and_confirms(open_page, session):
    page = open_page(page_of(session), java_script_enabled=False, width=360)
    page.get_by_role("link", name=re.compile("^S’inscrire")).click()
    page.get_by_label("Votre nom").fill("Ana Petit")
    page.get_by_label("Votre adresse e-mail").fill("ana@example")
    answer_the_sum(page)
    page.wait_for_timeout(HUMAN)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("link", name=re.compile("adresse e-mail : Écrivez-la"))).to_be_visible()
    page.get_by_label("Votre adresse e-mail").fill("ana@example.org")
    answer_the_sum(page)
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_text("Nous venons d’écrire à ana@example.org.")).to_be_visible()
    assert session.registrations.get().state == State.PENDING

    open_the_mail(page)
    assert session.registrations.get().state == State.PENDING
    page.get_by_role("button", name="Oui, je confirme").click()
    expect(page.get_by_text("Votre inscription est confirmée")).to_be_visible()
    assert session.registrations.get().state == State.CONFIRMED
    assert page.context.cookies() == []


def test_a_visitor_signs_up_with_the_keyboard_alone(open_page, session):
    page = open_page(page_of(session))
    page.get_by_role("link", name=re.compile("^S’inscrire")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/inscription/$"))
    page.get_by_role("link", name="J’ai déjà un compte").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Ana Petit")
    page.keyboard.press("Tab")
    page.keyboard.type("ana@example.org")
    page.wait_for_timeout(HUMAN)  # the browser does the sum meanwhile
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="M’inscrire")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Un message vous attend")).to_be_visible()
    assert session.registrations.get().email == "ana@example.org"


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_no_page_of_signing_up_breaks_a_rule_of_accessibility(open_page, session, width, scheme):
    full = factories.session(session.page, capacity=1, questions="Combien serez-vous ?")
    factories.registration(full)
    factories.session(session.page, in_days=-3, label="Première")
    closed = factories.session(sign_up=SignUp.ELSEWHERE, sign_up_url="https://exemple.org/")
    pending, seated = (factories.registration(session, state=s) for s in ("pending", "confirmed"))
    waiting = factories.registration(full, state="waiting")
    places = [page_of(session), page_of(closed), address(session), address(full), address(closed)]
    places += [key_of(pending), private(seated), f"{private(waiting)}?annuler=1"]
    places += [f"{address(session)}?envoi=1", "/compte/inscription/confirmer/x/"]
    found = {}
    for place in places:
        page = open_page(place, width=width, color_scheme=scheme)
        if broken := faults(page):
            found[place] = broken
        page.context.close()
    assert found == {}
