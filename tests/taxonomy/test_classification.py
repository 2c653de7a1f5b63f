"""Classifying a page, naming its terms, loading the reference data."""

import pytest
from django.conf import settings
from django.utils import translation
from wagtail.models import Locale

from commons.taxonomy.classification import classify, names_by_slug
from commons.taxonomy.models import Classification, Term
from commons.taxonomy.reference import load_reference
from tests import factories

pytestmark = pytest.mark.django_db
REFERENCE = settings.BASE_DIR / "fixtures" / "reference"


@pytest.fixture
def ain(site):
    france = factories.term("territory", "france", "France")
    region = factories.term("territory", "auvergne-rhone-alpes", parent=france)
    return factories.term("territory", "ain", "Ain", parent=region)


def slugs(page):
    return sorted(page.classifications.values_list("term__slug", flat=True))


def test_classify_adds_the_parents(ain):
    assert slugs(factories.article(terms=[ain])) == ["ain", "auvergne-rhone-alpes", "france"]


def test_classify_replaces_what_was_there(ain):
    page = factories.article(terms=[ain])
    classify(page, [ain.parent.parent])
    page.save()
    assert slugs(page) == ["france"]


def test_classify_ignores_a_translated_term(ain):
    english = Locale.objects.get(language_code="en")
    twin = factories.term("territory", "ain", locale=english, translation_key=ain.translation_key)
    assert slugs(factories.article(terms=[twin])) == []


def test_classification_waits_for_publication(ain):
    page = factories.article()
    classify(page, [ain])
    page.save_revision()
    assert Classification.objects.filter(page=page).count() == 0
    page.get_latest_revision().publish()
    assert Classification.objects.filter(page=page).count() == 3


def test_names_are_in_the_active_language_or_french(ain):
    english = Locale.objects.get(language_code="en")
    key = ain.parent.parent.translation_key
    factories.term("territory", "france", "France (EN)", locale=english, translation_key=key)
    with translation.override("en"):
        names = names_by_slug(["territory"])
    assert names["territory", "france"] == "France (EN)"
    assert names["territory", "ain"] == "Ain"


def test_names_cost_one_query(ain, django_assert_num_queries):
    with django_assert_num_queries(1):
        names_by_slug()


def test_reference_data_loads_once_and_keeps_what_editors_renamed(site):
    created = load_reference(REFERENCE)
    theme = Term.objects.canonical().get(vocabulary="theme", slug="circuits-courts")
    assert created == Term.objects.count() > 800
    assert Term.objects.canonical().filter(vocabulary="theme").count() == 13
    assert Term.objects.canonical().filter(vocabulary="channel").count() == 8
    Term.objects.filter(pk=theme.pk).update(name="Autre nom")
    assert load_reference(REFERENCE) == 0
    theme.refresh_from_db()
    assert theme.name == "Autre nom"


def test_reference_territories_are_nested(site):
    load_reference(REFERENCE)
    ain = Term.objects.canonical().get(vocabulary="territory", slug="ain")
    assert [ain.parent.slug, ain.parent.parent.slug] == ["auvergne-rhone-alpes", "france"]
