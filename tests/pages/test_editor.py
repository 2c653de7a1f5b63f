"""What an editor meets in the form of a page: advice, a skeleton, one place for its dates."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, get_page_models

from commons.members.permissions import EDITOR
from commons.pages.blocks import BodyBlock, ShortItemsBlock
from commons.pages.forms import ClassifiedPageForm
from commons.pages.models import ContributedPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, site):
    person = factories.member("editrice@example.org", groups=[EDITOR])
    client.force_login(person)
    return person


def test_every_type_says_when_to_use_it():
    types = [model for model in get_page_models() if issubclass(model, ContributedPage)]
    assert len(types) == 10
    assert [model for model in types if not model.get_page_description()] == []


def test_adding_a_page_reads_as_advice(client, editor, library):
    page = client.get(reverse("wagtailadmin_pages:add_subpage", args=[library.pk]))
    assert "Une marche à suivre : en bref, des chapitres" in page.content.decode()


@pytest.mark.parametrize("stream", [BodyBlock(), ShortItemsBlock()])
def test_every_block_says_what_it_is_for(stream):
    for block in stream.child_blocks.values():
        assert block.get_description()
        assert block.is_previewable, "the chooser shows descriptions beside previews only"


def test_a_new_guide_opens_on_its_first_chapter(client, editor, library):
    add = reverse("wagtailadmin_pages:add", args=["resources", "guide", library.pk])
    first = client.get(add).context["form"]["chapters"].value()[0].value
    assert first["title"] == "Par où commencer"
    assert [block.block_type for block in first["body"]] == ["text"]
    edit = reverse("wagtailadmin_pages:edit", args=[factories.guide().pk])
    known = client.get(edit).context["form"]["chapters"].value()
    assert [chapter.value["title"] for chapter in known] == ["Se décider", "Se lancer"]


def test_dates_of_publication_stand_in_the_form(client, editor):
    page = client.get(reverse("wagtailadmin_pages:edit", args=[factories.article().pk]))
    text = page.content.decode()
    assert text.count('name="go_live_at"') == 1
    assert "Quand publier" in text
    assert "schedule-publishing-dialog" not in text


def test_a_date_and_publish_are_one_step(client, editor, library):
    page = factories.article(live=False)
    coming = timezone.localtime() + datetime.timedelta(days=3)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(edit).context["form"]
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "licence": page.licence,
        "body-count": "0",
        "go_live_at": coming.strftime("%Y-%m-%d %H:%M"),
        "action-publish": "1",
    }
    for formset in form.formsets.values():
        data |= {f"{formset.prefix}-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    data["body-count"] = "1"
    data |= {
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-value": json.dumps(
            {"blocks": [{"text": "Bonjour", "type": "unstyled", "key": "a"}], "entityMap": {}}
        ),
    }
    client.post(edit, data)
    page.refresh_from_db()
    assert not page.live
    assert page.approved_schedule


def test_terms_are_named_in_the_language_of_the_page(site, library):
    french = factories.term("theme", "eau", name="Eau")
    child = factories.term("theme", "puits", name="Puits", parent=french)
    english = Locale.objects.get(language_code="en")
    factories.term(
        "theme", "eau", name="Water", locale=english, translation_key=french.translation_key
    )
    page = factories.article(terms=[child])
    assert theme_names(page) == ["Eau", "Eau › Puits"]
    translated = page.copy_for_translation(english, copy_parents=True)
    assert theme_names(translated) == ["Water", "Water › Puits"]


def theme_names(page) -> list[str]:
    form_class = type(page).get_edit_handler().get_form_class()
    assert issubclass(form_class, ClassifiedPageForm)
    field = form_class(instance=page).fields["terms_theme"]
    return [label for _value, label in field.choices]


def test_the_preview_of_a_page_never_saved_is_no_fault(client, editor, library):
    place = ["resources", "guide", library.pk]
    assert client.get(reverse("wagtailadmin_pages:preview_on_add", args=place)).status_code == 200
