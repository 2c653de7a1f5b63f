"""What surrounds every page: sections, footer, the languages, and the pages that say no."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from commons.pages.models import HomePage, PlainPage, SectionPage
from commons.pages.navigation import navigation
from commons.pages.site_settings import SiteDetails
from tests import factories
from tests.asking import settle

pytestmark = pytest.mark.django_db


def home() -> HomePage:
    return HomePage.objects.get(slug="fr")


def add_section(slug: str, **fields) -> SectionPage:
    fields = {"title": slug.capitalize(), "lead": "À venir.", "show_in_menus": True, **fields}
    return home().add_child(instance=SectionPage(slug=slug, locale=home().locale, **fields))


def add_plain(slug: str, **fields) -> PlainPage:
    fields = {"title": slug.capitalize(), "in_footer": True, **fields}
    return home().add_child(instance=PlainPage(slug=slug, locale=home().locale, **fields))


def restrict(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def seen_by(user) -> list[str]:
    return [page.slug for page in navigation(site=Site.objects.get(), user=user).sections]


def test_sections_are_the_live_children_in_the_menu_in_the_order_of_the_tree(site):
    add_section("se-former")
    add_section("brouillon", live=False)
    add_section("hors-menu", show_in_menus=False)
    assert seen_by(AnonymousUser()) == ["se-documenter", "se-former"]


def test_a_restricted_section_shows_only_to_those_who_may_read_it(site):
    restrict(add_section("echanges"))
    assert seen_by(AnonymousUser()) == ["se-documenter"]
    assert seen_by(factories.member()) == ["se-documenter", "echanges"]


def test_footer_holds_the_plain_pages_that_asked_for_it(site):
    add_plain("credits")
    add_plain("cachee", in_footer=False)
    add_plain("brouillon", live=False)
    found = navigation(site=Site.objects.get(), user=AnonymousUser())
    assert [page.slug for page in found.footer] == ["credits"]
    assert [page.slug for page in found.sections] == ["se-documenter"]


@pytest.mark.parametrize("number", [1, 3])
def test_navigation_costs_four_queries_whatever_the_number_of_sections(
    site, number, django_assert_num_queries
):
    for i in range(number):
        add_section(f"section-{i}")
        add_plain(f"page-{i}")
    site = Site.objects.get()
    site.root_page.path  # noqa: B018
    SiteDetails.for_site(site)
    with django_assert_num_queries(4):
        navigation(site=site, user=AnonymousUser())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_long_day")
def test_a_plain_page_costs_the_same_with_more_sections(
    site, client, django_assert_max_num_queries
):
    page = add_plain("accessibilite")
    counts = []
    for i in range(3):
        client.get(page.url)
        settle()
        client.get(page.url)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(page.url).status_code == 200
        counts.append(len(captured))
        add_section(f"section-{i}")
    assert counts == [counts[0]] * 3


def test_the_current_section_is_marked(site, client):
    section = add_section("se-former")
    html = client.get(section.url).content.decode()
    assert 'aria-current="page">Se-former</a>' in " ".join(html.split())


def test_a_resource_marks_its_section(library, client):
    html = client.get(factories.article().url).content.decode()
    assert 'aria-current="true">Se documenter</a>' in " ".join(html.split())


def test_an_address_with_nothing_is_told_kindly(site, client):
    answer = client.get("/fr/rien-ici/")
    assert answer.status_code == 404
    assert "introuvable" in answer.content.decode()


@pytest.mark.parametrize("path", ["/nimporte/", "/nimporte", "/a/b.php", "/a/citer/", "/compte/x/"])
def test_an_unknown_address_without_language_is_not_led_elsewhere_first(site, client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "introuvable" in answer.content.decode()
    assert answer["Content-Language"] == "fr"


@pytest.mark.parametrize("path", ["/se-documenter/", "/se-documenter", "/recherche/"])
def test_a_known_address_without_language_leads_to_it(site, client, path):
    answer = client.get(path, {"q": "lait"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/fr/{path.strip('/')}/?q=lait"


def test_a_page_that_was_published_is_gone_not_unknown(library, client):
    article = factories.article()
    address = article.url
    article.unpublish()
    assert client.get(address).status_code == 410


@pytest.mark.parametrize("secret", ["never published", "restricted"])
def test_what_was_never_public_stays_unknown(library, client, secret):
    if secret == "restricted":
        article = factories.article()
        restrict(article)
        article.unpublish()
    else:
        article = factories.article(live=False)
    assert client.get(f"/fr/se-documenter/{article.slug}/").status_code == 404


def test_an_expired_form_says_what_to_do(site):
    answer = Client(enforce_csrf_checks=True).post("/compte/login/", {})
    assert answer.status_code == 403
    assert "Ce formulaire a expiré" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_page_of_a_breakdown_needs_no_database(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(name)
