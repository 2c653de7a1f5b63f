"""An editor translates in the admin; a visitor then finds the translation through the filters."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.test import TestCase
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_localize.models import Translation

from commons.members.permissions import ADMINISTRATOR, EDITOR
from commons.pages.models import RelatedPage
from commons.pages.presentation import near
from tests import factories
from tests.pages.translating import english, english_library, submit, translate, translated, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def learn():
    return english_library()


@pytest.fixture
def editor(client):
    person = factories.member(groups=[EDITOR])
    client.force_login(person)
    return client


def article_form(page, action: str) -> dict:
    """What the admin's form of an article posts."""
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": page.summary,
            "licence": page.licence,
            "body": streamfield([("text", rich_text("<p>Un texte.</p>"))]),
            "page_authors": inline_formset([]),
            "related_links": inline_formset([]),
            "comments": inline_formset([]),
            action: "1",
        }
    )


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_editor_submits_and_publishes_a_translation(learn, editor):
    page = factories.article(title="Vendre", slug="vendre")
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    assert editor.get(address).status_code == 200
    answer = editor.post(address, {"locales": [english().pk]})
    copy = translated(page)
    edit = reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert (answer.status_code, answer.url, copy.live) == (302, edit, False)
    assert editor.get(edit).status_code == 200

    write(Translation.objects.get(source__object_id=page.translation_key), {"Vendre": "Selling"})
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert editor.post(edit, {"action": "publish"}).status_code == 302
    copy = translated(page)
    assert (copy.title, copy.live) == ("Selling", True)
    assert editor.get(copy.url).status_code == 200


def test_a_page_of_which_nothing_is_translated_is_not_published(learn, editor):
    page = factories.article(title="Vendre", slug="vendre")
    submit(page)
    edit = reverse("wagtailadmin_pages:edit", args=[translated(page).pk])
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = editor.post(edit, {"action": "publish"})
    assert answer.url == edit
    assert any("rien n’est encore traduit" in text for text in said(answer))
    assert not translated(page).live


def test_editor_translates_a_section_with_all_under_it(editor):
    library = factories.library()
    guide, home = factories.guide(), library.get_parent()
    for page, subtree in ((home, ""), (library, "on")):
        address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
        with TestCase.captureOnCommitCallbacks(execute=True):
            editor.post(address, {"locales": [english().pk], "include_subtree": subtree})
    assert translated(guide).get_parent().pk == translated(library).pk
    assert translated(library).numchild == 1
    assert not translated(guide).live


def test_editor_translates_a_term(learn, editor):
    term = factories.term("theme", "marches", "Marchés")
    address = reverse(
        "wagtail_localize:submit_snippet_translation", args=["taxonomy", "term", term.pk]
    )
    editor.post(address, {"locales": [english().pk]})
    copy = term.get_translation(english())
    edit = reverse("wagtailsnippets_taxonomy_term:edit", args=[copy.pk])
    assert editor.get(edit).status_code == 200


def test_administrator_adds_a_language(client):
    client.force_login(factories.member(groups=[ADMINISTRATOR]))
    Locale.objects.get(language_code="en").delete()
    address = reverse("wagtaillocales:add")
    assert client.get(address).status_code == 200
    assert client.post(address, {"language_code": "en"}).status_code == 302
    assert english()


def test_publishing_the_source_again_says_that_the_translation_stays_offline(learn, editor):
    page = factories.article(title="Vendre")
    translate(page, {"Vendre": "Selling"})
    page.unpublish()
    page.save_revision()
    edit = reverse("wagtailadmin_pages:edit", args=[translated(page).pk])
    assert any("page d’origine" in text for text in said(editor.get(edit)))
    answer = editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), article_form(page, "action-publish")
    )
    assert answer.status_code == 302
    assert any("« Selling »" in text for text in said(answer))


def test_filter_finds_english_pages_and_names_them_in_english(learn, client):
    theme = factories.term("theme", "circuits-courts", "Circuits courts")
    factories.term(
        "theme",
        "circuits-courts",
        "Short food chains",
        locale=english(),
        translation_key=theme.translation_key,
    )
    filed = factories.article(title="Vendre", terms=[theme])
    other = factories.article(title="Autre")
    translate(filed, {"Vendre": "Selling"})
    translate(other, {"Autre": "Other"})
    html = client.get("/en/learn/", {"theme": "circuits-courts"}).content.decode()
    assert "Selling" in html
    assert "Other" not in html
    assert "Vendre" not in html
    assert "Short food chains" in html
    assert "Circuits courts" not in html


def test_pages_linked_by_an_editor_are_shown_in_the_language_of_the_page(learn):
    translated_one, other = factories.article(title="Marché"), factories.article(title="Autre")
    page = factories.article(title="Vendre")
    page.related_links = [RelatedPage(target=translated_one), RelatedPage(target=other)]
    page.save_revision().publish()
    market = translate(translated_one)
    assert [found.pk for found in near(page, user=AnonymousUser())] == [translated_one.pk, other.pk]
    assert [found.pk for found in near(translate(page), user=AnonymousUser())] == [market.pk]
