"""The same words give the same address, wherever the title is typed."""

import pytest
from django.urls import reverse
from django.utils.text import slugify as django_slugify
from hypothesis import given
from hypothesis import strategies as st
from taggit.models import Tag

from commons.contributions.submission import _free_slug
from commons.pages.models import PlainPage
from commons.pages.slugs import free_slug, slugify
from tests import factories

WHOLE_LETTERS = "ÆÐØÞßæðøþĐđĦħıĸŁłŊŋŒœŦŧªºµŉ"
TITLES = [
    ("Œufs et bœuf au cœur du Vexin", "oeufs-et-boeuf-au-coeur-du-vexin"),
    ("ŒUVRER ENSEMBLE", "oeuvrer-ensemble"),
    ("Lætitia, ex æquo", "laetitia-ex-aequo"),
    ("Straße, Łódź, Ørsted, Đakovo, Þing", "strasse-lodz-orsted-dakovo-thing"),
    ("日本", "riben"),
    ("Україна", "ukraina"),
    ("Co\u00adopé\u200brative", "cooperative"),
    ("E\u0301te\u0301", "ete"),
    ("ﬁn de ﬂeur", "fin-de-fleur"),
    # What worked stays as it was.
    ("L’été à Évreux : n° 5, 10 000 €", "lete-a-evreux-n-5-10-000"),
    ("vente_directe -- A.M.A.P.", "vente_directe-amap"),
]


@pytest.mark.parametrize(("title", "slug"), TITLES)
def test_letters_are_written_out(title, slug):
    assert slugify(title) == slug


@pytest.mark.parametrize("title", ["‹‹ ››", "…", "🥕🥕", "« — »", ""])
def test_a_title_of_signs_takes_the_fallback(title):
    assert slugify(title) == ""
    assert slugify(title, fallback="fiche") == "fiche"


@given(
    st.text(st.characters(max_codepoint=0x17F, exclude_characters="ÆÐØÞßæðøþĐđĦħıĸŁłŊŋŒœŦŧªºµŉ"))
)
def test_accented_titles_keep_the_address_that_django_gives_them(title):
    assert slugify(title) == django_slugify(title)


@given(st.text())
def test_any_title_gives_a_legal_address(title):
    slug = slugify(title, fallback="page")
    assert slug == django_slugify(slug) != ""


def test_a_slug_that_is_taken_gets_a_number():
    assert free_slug("lait", {"lait", "lait-2"}) == "lait-3"
    assert free_slug("oeufs", {"lait"}) == "oeufs"


def test_proposals_imports_and_wagtail_give_the_same_address(site):
    home = site.root_page
    assert _free_slug(home, "Cœur d’artichaut", "article") == "coeur-dartichaut"
    assert _free_slug(home, "‹‹ ››", "article") == "article"
    page = home.add_child(instance=PlainPage(title="Cœur d’artichaut"))
    assert page.slug == "coeur-dartichaut"
    assert home.add_child(instance=PlainPage(title="‹‹ ››")).slug == "page"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("œuf", "oeuf"), ("bœuf", "boeuf"), ("Straße", "strasse"), ("‹‹ ››", "etiquette")],
)
def test_tags_are_written_out(db, name, slug):
    assert Tag.objects.create(name=name).slug == slug


def test_the_admin_fills_an_address_that_the_browser_left_empty(client, site):
    client.force_login(factories.member(is_superuser=True, is_staff=True))
    address = reverse("wagtailadmin_pages:add", args=["pages", "plainpage", site.root_page.pk])
    client.post(address, {"title": "日本", "slug": "", "body-count": "0"})
    assert PlainPage.objects.get().slug == "riben"
