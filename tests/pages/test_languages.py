"""The same content in other languages: switcher, links for robots, missing pages, account."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from commons.members.models import Member
from commons.pages.languages import elsewhere, language_of_visit
from tests import factories
from tests.pages.translating import english_library, translate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ROOT = "http://localhost"


@pytest.fixture
def page():
    english_library()
    return factories.article(title="Vendre", slug="vendre")


@pytest.fixture
def copy(page):
    return translate(page, {"Vendre": "Selling", "vendre": "selling"})


def links(client, address: str, status: int = 200) -> dict[str, str]:
    """rel or hreflang -> address, of the links in the head; `switch` is the switcher's."""
    answer = client.get(address)
    assert answer.status_code == status
    html = answer.content.decode()
    found = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]*)">', html))
    found |= dict(re.findall(r'<link rel="(canonical)" href="([^"]*)">', html))
    [switcher] = re.findall(r'<ul class="languages".*?</ul>', html, re.DOTALL)
    return found | {"switch": re.search(r'href="([^"]*)"', switcher)[1]}


def test_page_and_translation_name_each_other(client, page, copy):
    french, english = f"{ROOT}/fr/se-documenter/vendre/", f"{ROOT}/en/learn/selling/"
    both = {"fr": french, "en": english, "x-default": french}
    assert links(client, page.url) == both | {
        "canonical": french,
        "switch": "/en/learn/selling/",
    }
    assert links(client, copy.url) == both | {
        "canonical": english,
        "switch": "/fr/se-documenter/vendre/",
    }


def test_page_without_translation_offers_the_other_home(client, page):
    french = f"{ROOT}/fr/se-documenter/vendre/"
    assert links(client, page.url) == {
        "fr": french,
        "x-default": french,
        "canonical": french,
        "switch": "/en/",
    }


def test_hidden_translation_is_not_offered(client, page, copy):
    copy.unpublish()
    assert links(client, page.url)["switch"] == "/en/"


def test_view_that_is_no_page_leads_to_itself(client):
    french, english = f"{ROOT}/fr/recherche/", f"{ROOT}/en/search/"
    assert links(client, "/fr/recherche/") == {
        "fr": french,
        "en": english,
        "x-default": french,
        "canonical": french,
        "switch": "/en/search/",
    }


def test_account_page_switches_where_it_is(client):
    found = links(client, "/compte/login/")
    assert found["switch"] == "/compte/login/?langue=en"
    html = client.get("/compte/login/?langue=en").content.decode()
    assert '<html lang="en">' in html


def test_account_page_is_not_for_search_engines(client):
    assert links(client, "/compte/login/?next=/fr/") == {
        "switch": "/compte/login/?next=%2Ffr%2F&amp;langue=en"
    }


def test_filters_and_words_are_kept(client, page):
    selection = "?stage=idee&amp;stage=etude"
    assert factories.term("stage", "idee"), factories.term("stage", "etude")
    found = links(client, "/fr/se-documenter/?stage=idee&stage=etude")
    assert found["switch"] == f"/en/learn/{selection}"
    assert found["en"].startswith(f"{ROOT}/en/learn/?")
    assert links(client, "/fr/recherche/?q=pain")["switch"] == "/en/search/?q=pain"


def test_missing_english_page_offers_the_french_one(client, page):
    answer = client.get("/en/learn/vendre/")
    assert answer.status_code == 404
    assert 'href="/fr/se-documenter/vendre/" hreflang="fr"' in answer.content.decode()


def test_missing_french_page_offers_the_english_one(client, copy):
    answer = client.get("/fr/selling/")
    assert answer.status_code == 404
    assert 'href="/en/learn/selling/" hreflang="en"' in answer.content.decode()


def test_missing_page_has_no_address_for_search_engines(client, page):
    assert links(client, "/en/learn/vendre/", 404) == {"switch": "/fr/"}


def test_elsewhere_shows_nothing_hidden(page, django_assert_num_queries):
    page.unpublish()
    assert elsewhere(path="/en/vendre/", user=AnonymousUser()) == []


@pytest.mark.parametrize("path", ["/en/", "/vendre/", "/en/\x00/", f"/en/{'a' * 3000}/"])
def test_elsewhere_stands_odd_addresses(page, path):
    assert elsewhere(path=path, user=AnonymousUser()) == []


def visit(path="/compte/", referer="", user=None, **query) -> str | None:
    return language_of_visit(path=path, query=query, referer=referer, user=user or AnonymousUser())


def test_visit_is_french_by_default():
    assert visit() == "fr"


@pytest.mark.parametrize("path", ["/en/learn/", "/fr/"])
def test_address_that_tells_the_language_decides(path):
    assert visit(path) is None


def test_admin_speaks_the_members_language_whatever_they_come_from():
    assert visit("/admin/pages/", referer="http://localhost/en/learn/") == "fr"
    assert visit("/admin/pages/", user=Member(language="en")) == "en"


def test_visit_follows_the_page_one_comes_from():
    assert visit(next="/en/learn/") == "en"
    assert visit(referer="http://localhost/en/learn/") == "en"
    assert visit(referer="http://localhost/compte/login/?next=%2Fen%2Flearn%2F") == "en"


def test_visit_follows_the_member_before_the_page():
    member = factories.member(language="en")
    assert visit(user=member) == "en"
    assert visit(user=member, referer="http://localhost/fr/") == "en"
    assert visit(user=member, langue="fr") == "fr"


@pytest.mark.parametrize("odd", ["xx", "", "\x00", "../en"])
def test_visit_ignores_what_is_no_language(odd):
    assert visit(langue=odd, next=odd, referer=odd) == "fr"


@pytest.mark.parametrize(("accepts", "language"), [("en", "fr"), ("de", "fr")])
def test_account_pages_do_not_guess_from_the_browser(client, accepts, language):
    html = client.get("/compte/login/", headers={"accept-language": accepts}).content.decode()
    assert f'<html lang="{language}">' in html


def test_mails_of_the_account_follow_the_page_one_comes_from(client, mailoutbox):
    with translation.override("fr"):
        client.post(
            "/compte/password/reset/?next=/en/",
            {"email": factories.member().email},
        )
    assert "password" in mailoutbox[0].body.lower()
