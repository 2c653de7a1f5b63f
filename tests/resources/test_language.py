"""The language that a resource is filed under."""

import pytest
from wagtail.models import Locale

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def languages(library):
    return {code: factories.term("language", code) for code in ("fr", "en", "de")}


def spoken(page):
    rows = page.classifications.filter(term__vocabulary="language")
    return sorted(rows.values_list("term__slug", flat=True))


def test_a_page_of_ours_takes_the_language_of_its_tree(languages):
    assert spoken(factories.article()) == ["fr"]


def test_a_translation_is_in_its_own_language(languages, library):
    english = Locale.objects.get(language_code="en")
    page = factories.article()
    library.get_parent().specific.copy_for_translation(english)
    library.copy_for_translation(english)
    copy = page.copy_for_translation(english)
    copy.title = "Selling"
    copy.save_revision().publish()
    assert spoken(copy) == ["en"]


def test_an_external_resource_keeps_the_language_its_editor_chose(languages):
    assert spoken(factories.external_resource(terms=[languages["de"]])) == ["de"]


def test_an_external_resource_without_language_takes_that_of_its_tree(languages):
    assert spoken(factories.external_resource()) == ["fr"]
