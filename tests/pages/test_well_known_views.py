"""What machines read first."""

import datetime
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from tests import factories

pytestmark = pytest.mark.django_db
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"


def addresses(client):
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return {url.find(f"{S}loc").text: url for url in ET.fromstring(answer.content)}


def test_robots_are_kept_out_of_private_parts(client, settings):
    settings.SITE_URL = "https://commun.example"
    text = client.get("/robots.txt").content.decode()
    assert text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /compte/",
        "Disallow: /relecture/",
        "Sitemap: https://commun.example/sitemap.xml",
    ]


def test_security_contact_never_expires(client):
    lines = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert lines["Contact"].startswith("mailto:contact@")
    until = datetime.datetime.fromisoformat(lines["Expires"])
    assert timezone.now() < until < timezone.now() + datetime.timedelta(days=366)


def test_sitemap_lists_what_a_visitor_may_read(client, site):
    factories.article(slug="ouvert")
    factories.article(slug="brouillon", live=False)
    closed = factories.article(slug="ferme")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    assert set(addresses(client)) == {
        f"http://localhost{path}"
        for path in ("/fr/", "/fr/se-documenter/", "/fr/se-documenter/ouvert/")
    }


def test_sitemap_ties_translations(client, site):
    home = site.root_page
    english = home.copy_for_translation(Locale.objects.get(language_code="en"))
    english.slug = "en"
    english.title = "The Commons"
    english.save_revision().publish()
    found = addresses(client)
    for address in ("http://localhost/fr/", "http://localhost/en/"):
        links = found[address].findall(f"{X}link")
        assert {(link.get("hreflang"), link.get("href")) for link in links} == {
            ("fr", "http://localhost/fr/"),
            ("en", "http://localhost/en/"),
        }


@pytest.mark.parametrize("number", [1, 3])
def test_sitemap_asks_as_little_for_many(client, site, number, django_assert_num_queries):
    for _ in range(number):
        factories.article()
    client.get("/sitemap.xml")
    with django_assert_num_queries(3):
        client.get("/sitemap.xml")


def test_manifest_names_a_start_and_an_icon_that_exist(client, site):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert manifest["name"] == "Le Commun des circuits courts"
    assert client.get(manifest["start_url"]).status_code == 200
    icon = client.get(manifest["icons"][0]["src"])
    icon.close()
    assert icon.status_code == 200
