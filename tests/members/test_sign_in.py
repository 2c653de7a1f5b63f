"""Who signs in comes back to the page they were on, and never elsewhere than on this site."""

import re
from html import unescape

import pytest
import time_machine
from django.test import RequestFactory
from django.urls import resolve

from commons.members.accounts import open_account
from commons.members.sign_in_views import next_page, sign_in_address
from tests import factories
from tests.asking import Given, process, read_before
from tests.members.test_accounts import answers

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a class="account" href="([^"]+)"')


@pytest.fixture
def zoe(site):
    return open_account("zoe@example.org", password=factories.PASSWORD)


def link_of(answer) -> str:
    return unescape(LINK.search(answer.text)[1])


def sign_in(client, address):
    """Follow the link as a browser does: the form is sent with all its hidden fields."""
    form = client.get(address).text.partition('action="/compte/login/"')[2]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', unescape(form)))
    credentials = {"login": "zoe@example.org", "password": factories.PASSWORD}
    return client.post("/compte/login/", {**hidden, **credentials})


def test_signing_in_comes_back_to_the_page_and_its_filters(zoe, client, library):
    link = link_of(client.get("/fr/se-documenter/?theme=prix&sort=recent"))
    assert link == "/compte/login/?next=/fr/se-documenter/%3Ftheme%3Dprix%26sort%3Drecent"
    assert sign_in(client, link)["Location"] == "/fr/se-documenter/?theme=prix&sort=recent"


def test_opening_an_account_keeps_where_one_came_from(zoe, client):
    page = client.get("/compte/login/?next=/fr/se-documenter/").text
    assert 'href="/compte/signup/?next=%2Ffr%2Fse-documenter%2F"' in page
    page = client.get("/compte/signup/?next=/fr/se-documenter/")
    assert link_of(page) == "/compte/login/?next=/fr/se-documenter/"


def test_a_forgotten_password_keeps_it_too(zoe, client, mailoutbox):
    page = client.get("/compte/login/?next=/fr/se-documenter/").text
    asks = "/compte/password/reset/?next=/fr/se-documenter/"
    assert f'href="{asks}"' in page
    form = client.get(asks).text.partition('action="/compte/password/reset/"')[2]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', unescape(form)))
    client.post("/compte/password/reset/", {**hidden, "email": "zoe@example.org"})
    assert "se-documenter" not in mailoutbox[0].body
    path = re.search(r"http://[^/]+(/compte/password/reset/key/\S+)", mailoutbox[0].body)[1]
    key = client.get(path)["Location"]
    done = client.post(key, {"password1": factories.PASSWORD, "password2": factories.PASSWORD})
    back = "/compte/login/?next=/fr/se-documenter/"
    main = client.get(done["Location"]).text.partition("<main")[2]
    assert f'href="{back}"' in main
    assert sign_in(client, back)["Location"] == "/fr/se-documenter/"


@time_machine.travel("2026-05-01 10:01:00+00:00")
def test_confirming_the_address_keeps_it_too(site, client, mailoutbox):
    told = answers(next="/fr/se-documenter/")
    sent = client.post("/compte/signup/", told, follow=True)
    assert link_of(sent) == "/compte/login/?next=/fr/se-documenter/"
    path = re.search(r"http://[^/]+(/compte/confirm-email/\S+)", mailoutbox[0].body)[1]
    back = client.post(path)["Location"]
    assert back == "/compte/login/?next=/fr/se-documenter/"
    assert sign_in(client, back)["Location"] == "/fr/se-documenter/"


@pytest.mark.parametrize(
    "path", ["/compte/login/", "/compte/signup/", "/compte/password/reset/", "/compte/logout/"]
)
def test_sign_in_never_redirects_to_a_sign_in_page(path):
    request = RequestFactory().get(path)
    request.session, request.resolver_match = {}, resolve(path)
    assert sign_in_address(request) == "/compte/login/"


@pytest.mark.parametrize(
    "asked",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"),
        *("http://[", "///evil.example", "/" + "a" * 600, "evil", "\x00/", "/\x09/evil.example"),
    ],
)
def test_nothing_leads_out_of_the_site(client, zoe, asked):
    request = RequestFactory().get("/compte/login/", {"next": asked})
    request.session, request.resolver_match = {}, resolve("/compte/login/")
    assert next_page(request) == ""
    answer = client.get("/compte/login/", {"next": asked})
    assert link_of(answer) == "/compte/login/"


def test_a_form_sent_has_no_address_to_come_back_to():
    assert next_page(_match(RequestFactory().post("/fr/"))) == ""


def test_a_page_kept_for_all_leads_back_to_itself_only(site, one_long_day):
    read_before()
    memory = process()
    first = Given(memory, "/fr/se-documenter/?utm_source=lettre&theme=prix", HTTP_COOKIE="a=b")
    second = Given(memory, "/fr/se-documenter/?theme=prix")
    assert memory.hits == 1
    for answer in (first, second):
        assert link_of(answer) == "/compte/login/?next=/fr/se-documenter/%3Ftheme%3Dprix"


def _match(request):
    request.resolver_match = resolve(request.path)
    return request
