"""Moving and deleting terms keeps the classification of pages true."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from commons.members.permissions import EDITOR
from commons.refused import Refused
from commons.taxonomy.hierarchy import check_parent, check_unused, reparent
from commons.taxonomy.models import Term
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def france(site):
    return factories.term("territory", "france", "France")


@pytest.fixture
def region(france):
    return factories.term("territory", "rhone", "Rhône", parent=france)


@pytest.fixture
def ain(region):
    return factories.term("territory", "ain", "Ain", parent=region)


def slugs(page):
    return sorted(page.classifications.values_list("term__slug", flat=True))


def test_moving_a_term_gives_its_pages_the_new_ancestors(ain, france):
    other = factories.term("territory", "jura", parent=france)
    page = factories.article(terms=[ain])
    untouched = factories.article(terms=[ain.parent])
    assert reparent(ain, parent=other) == 1
    assert slugs(page) == ["ain", "france", "jura"]
    assert slugs(untouched) == ["france", "rhone"]


def test_ancestor_that_another_term_gives_is_kept(ain, region):
    twin = factories.term("territory", "isere", parent=region)
    page = factories.article(terms=[ain, twin])
    reparent(ain, parent=None)
    assert slugs(page) == ["ain", "france", "isere", "rhone"]


def test_moving_a_parent_moves_what_is_under_it(ain, region):
    europe = factories.term("territory", "europe")
    page = factories.article(terms=[ain])
    reparent(region, parent=europe)
    assert slugs(page) == ["ain", "europe", "rhone"]


def test_parent_of_another_list_or_language_or_below_is_refused(ain, region, france):
    english = Locale.objects.get(language_code="en")
    for parent in (
        factories.term("theme", "eau"),
        factories.term("territory", "france", locale=english),
        france,
        ain,
    ):
        with pytest.raises(Refused):
            check_parent(france, parent)
    check_parent(ain, france)
    check_parent(ain, None)


def test_used_term_is_kept(ain):
    factories.article(terms=[ain])
    with pytest.raises(Refused, match="« Ain » classe encore 1 page"):
        check_unused(ain)


def test_term_with_children_is_kept(site):
    top = factories.term("theme", "sommet")
    factories.term("theme", "dessous", parent=top)
    with pytest.raises(Refused, match="contient d’autres termes"):
        check_unused(top)


@pytest.fixture
def editor(client, site):
    client.force_login(factories.member(groups=[EDITOR]))
    return client


LIST = "/admin/snippets/taxonomy/term/"


def answers(**changed):
    return {
        "name": "Ain",
        "slug": "ain",
        "vocabulary": "territory",
        "parent": "",
        "sort_order": "0",
    } | changed


def test_editor_finds_terms(editor, ain):
    page = editor.get(f"{LIST}?q=Ain&vocabulary=territory&locale=fr")
    assert page.status_code == 200
    assert "Ain" in page.content.decode()
    assert "Classement" in editor.get("/admin/").content.decode()


def test_lists_open_on_themes_in_one_language(editor, ain):
    french = factories.term("theme", "eau", name="Eau")
    english, _ = Locale.objects.get_or_create(language_code="en")
    factories.term(
        "theme", "eau", name="Water", locale=english, translation_key=french.translation_key
    )
    opened = editor.get(LIST).content.decode()
    assert ">Eau<" in " ".join(opened.split()).replace("> ", ">").replace(" <", "<")
    assert "Water" not in opened
    assert "/edit/" in opened
    assert f"/edit/{ain.pk}/" not in opened
    assert "Water" in editor.get(f"{LIST}?locale=en").content.decode()
    assert editor.get(f"{LIST}?vocabulary=nimporte").status_code == 200
    assert "Ain" in editor.get(f"{LIST}?q=Ain").content.decode()


def test_list_asks_nothing_more_for_more_terms(editor, france):
    counts = []
    for slug in ("a", "b", "c"):
        factories.term("territory", slug, parent=france)
        with CaptureQueriesContext(connection) as asked:
            editor.get(f"{LIST}?vocabulary=territory")
        counts.append(sum("localize" not in query["sql"] for query in asked) - len(counts))
    # Two of wagtail-localize's own a row, to offer « Traduire »: only one of them names it.
    assert counts[1] == counts[2]


def test_editor_adds_a_term_once(editor, france):
    assert editor.post(f"{LIST}add/?locale=fr", answers(parent=france.pk)).status_code == 302
    assert Term.objects.get(slug="ain").parent == france
    again = editor.post(f"{LIST}add/?locale=fr", answers(name="Autre"))
    assert "déjà cet identifiant" in again.content.decode()


def test_editor_moves_a_term_and_pages_follow(editor, ain, france):
    page = factories.article(terms=[ain])
    assert editor.get(f"{LIST}edit/{ain.pk}/").status_code == 200
    answer = editor.post(f"{LIST}edit/{ain.pk}/", answers(name="L’Ain", parent=france.pk))
    assert answer.status_code == 302
    ain.refresh_from_db()
    assert (ain.name, ain.parent) == ("L’Ain", france)
    assert slugs(page) == ["ain", "france"]


def test_editor_cannot_hang_a_term_under_itself(editor, ain, region):
    answer = editor.post(
        f"{LIST}edit/{region.pk}/", answers(name="Rhône", slug="rhone", parent=ain.pk)
    )
    assert "sous lui-même" in answer.content.decode()
    region.refresh_from_db()
    assert region.parent.slug == "france"


def test_editor_cannot_delete_a_used_term(editor, ain):
    factories.article(terms=[ain])
    answer = editor.post(f"{LIST}delete/{ain.pk}/", follow=True)
    assert "classe encore 1 page" in answer.content.decode()
    bulk = f"/admin/bulk/taxonomy/term/delete/?id={ain.pk}"
    editor.post(bulk)
    assert Term.objects.filter(pk=ain.pk).exists()


def test_editor_deletes_an_unused_term(editor, site):
    spare = factories.term("theme", "vide")
    editor.post(f"{LIST}delete/{spare.pk}/")
    assert not Term.objects.filter(pk=spare.pk).exists()
