"""French never goes public as English: by whatever way, it is refused, or meant and marked."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail_localize.models import TranslationSource

from commons.members.permissions import EDITOR
from commons.pages.models import HomePage, UntranslatedText
from commons.pages.untranslated import WITHHELD, Untranslated, leave_untranslated
from commons.refused import Refused
from commons.resources.citation import citation as citing
from commons.scheduled_jobs import publish_scheduled
from tests import factories
from tests.pages.translating import (
    english,
    english_library,
    publish,
    submit,
    translate,
    translated,
    update,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
REFUSED = "rien n’est encore traduit"


@pytest.fixture
def learn():
    return english_library()


@pytest.fixture
def person():
    return factories.member(groups=[EDITOR])


@pytest.fixture
def editor(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def left(learn):
    """A translation of which nothing is written."""
    page = factories.article(title="Vendre au marché du village", slug="vendre")
    submit(page)
    return translated(page)


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def stop_translating(page: Page) -> Page:
    """What « Arrêter la traduction » does: the page is edited as any other."""
    TranslationSource.objects.get(object_id=page.translation_key).translations.update(enabled=False)
    return page


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def test_no_revision_of_an_untranslated_page_is_published(left):
    with pytest.raises(Untranslated):
        left.get_latest_revision().publish()
    assert not is_live(left)


@pytest.mark.parametrize(
    "make", [factories.guide, factories.case_study, factories.question, factories.generic_model]
)
def test_whatever_its_type(learn, make):
    page = make(title="Vendre au marché du village")
    submit(page)
    with pytest.raises(Untranslated):
        translated(page).get_latest_revision().publish()


def test_nor_the_home_page(site):
    home = HomePage.objects.get()
    submit(home)
    with pytest.raises(Untranslated):
        translated(home).get_latest_revision().publish()


def test_nor_a_page_whose_translation_was_stopped(left, editor):
    page = stop_translating(left)
    answer = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), article_form(page))
    assert REFUSED in said(answer)
    assert not is_live(page)


def article_form(page, action="action-publish") -> dict:
    from tests.pages.test_translation_admin import article_form as form

    posted = form(page, action)
    texts = [(str(n), block) for n, block in enumerate(page.body.raw_data)]
    for number, block in texts:
        posted[f"body-{number}-value"] = _draftail(block["value"])
        posted[f"body-{number}-id"] = block["id"]
    return posted


def _draftail(html: str) -> str:
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    return ContentstateConverter(["bold", "link"]).from_database_format(html)


def test_nor_in_bulk(left, editor):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    other = factories.article(live=False)
    answer = editor.post(f"{address}?id={other.pk}&id={left.pk}", {"include_descendants": ""})
    assert REFUSED in said(answer)
    assert not is_live(left)
    assert not is_live(other)


def test_nor_below_a_page_published_in_bulk(left, learn, editor):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = editor.post(f"{address}?id={learn.pk}", {"include_descendants": "on"})
    assert REFUSED in said(answer)
    assert not is_live(left)


def test_nor_when_a_workflow_ends(left, editor, person):
    state = factories_workflow().start(left, factories.member())
    page = translated(left.get_translation(factories.library().locale))
    task = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    person.is_superuser = True
    person.save()
    answer = editor.post(address)
    assert REFUSED in said(answer)
    state.refresh_from_db()
    assert state.status == state.STATUS_IN_PROGRESS
    assert not is_live(left)


def factories_workflow():
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    workflow = Workflow.objects.create(name="Relire")
    task = GroupApprovalTask.objects.create(name="Relire")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def test_nor_when_translations_are_brought_up_to_date(left, editor):
    source = TranslationSource.objects.get(object_id=left.translation_key)
    address = reverse("wagtail_localize:update_translations", args=[source.pk])
    with TestCase.captureOnCommitCallbacks() as waiting:
        editor.post(address, {"publish_translations": "on"})
    (publication,) = [one for one in waiting if "publish" in repr(one)]
    with pytest.raises(Untranslated):
        publication()
    assert not is_live(left)


def test_nor_on_its_day_and_the_others_come_out(left, person):
    due = timezone.now() - datetime.timedelta(minutes=1)
    other = factories.article(live=False)
    for page in (left, other):
        revision = page.save_revision()
        revision.approved_go_live_at = due
        revision.save()
    assert "1 withheld" in publish_scheduled()
    assert not is_live(left)
    assert is_live(other)
    assert PageLogEntry.objects.filter(page=left.pk, action=WITHHELD).count() == 1
    assert publish_scheduled() == "done"


@pytest.fixture
def chief(client):
    client.force_login(factories.member(is_superuser=True, is_staff=True))
    return client


def test_a_translation_made_a_copy_again_goes_offline(learn, chief):
    page = factories.article(title="Vendre au marché")
    copy = translate(page)
    chief.post(reverse("wagtail_localize:convert_to_alias", args=[copy.pk]))
    copy = Page.objects.get(pk=copy.pk)
    assert copy.alias_of_id == page.pk
    assert not copy.live


def test_a_draft_made_a_copy_stays_one(left, chief):
    chief.post(reverse("wagtail_localize:convert_to_alias", args=[left.pk]))
    copy = Page.objects.get(pk=left.pk)
    assert copy.alias_of_id
    assert not copy.live


def test_a_translated_page_is_not_turned_back_into_french(learn):
    page = factories.article(title="Vendre au marché du village")
    submit(page)
    french = translated(page).get_latest_revision()
    write(TranslationSource.objects.get(object_id=page.translation_key).translations.get(), {})
    publish(TranslationSource.objects.get(object_id=page.translation_key).translations.get())
    with pytest.raises(Untranslated):
        french.publish()
    assert translated(page).title == "EN Vendre au marché du village"


def test_synchronised_trees_show_nothing(learn):
    from wagtail_localize.models import LocaleSynchronization

    factories.article(title="Vendre au marché")
    LocaleSynchronization.objects.create(
        locale=english(), sync_from=factories.library().locale
    ).sync_trees()
    call_command("sync_locale_trees")
    assert not learn.get_children().live().exists()


def test_a_name_that_is_the_same_in_both_languages_is_a_translation(learn):
    page = factories.article(title="Open Food Network")
    copy = translate(page, {"Open Food Network": "Open Food Network"})
    assert copy.live
    assert not UntranslatedText.objects.exists()


def test_a_part_that_is_not_translated_is_told(learn, client):
    page = factories.article(title="Vendre", body=factories.body("Un long texte en français."))
    translation = submit(page)
    write(translation, {"Vendre": "Selling"})
    translation.source.stringsegment_set.exclude(context__path="title")
    from wagtail_localize.models import StringTranslation

    StringTranslation.objects.exclude(context__path="title").delete()
    publish(translation)
    copy = translated(page)
    html = client.get(copy.url).content.decode()
    assert "Part of this page is not translated yet." in html
    assert 'lang="fr"' not in html.split("<main")[1]
    update(page)
    assert "Part of this page" not in client.get(copy.url).content.decode()


def test_what_is_meant_is_published_and_marked(left, learn, editor, person, client):
    languages = {code: factories.term("language", code) for code in ("fr", "en")}
    leave = reverse("leave_untranslated", args=[left.pk])
    edit = reverse("wagtailadmin_pages:edit", args=[left.pk])
    assert leave in said(editor.post(edit, {"action": "publish"}))
    assert "français" in editor.get(leave).content.decode()
    assert editor.post(leave).url == edit
    with TestCase.captureOnCommitCallbacks(execute=True):
        editor.post(edit, {"action": "publish"})
    assert is_live(left)
    html = client.get(left.url).content.decode()
    assert "This page is in French" in html
    assert '<h1 lang="fr">' in html
    assert '<div class="prose" lang="fr">' in html
    assert 'hreflang="en"' not in html
    assert '"inLanguage": "fr"' in html
    assert list(left.classifications.values_list("term_id", flat=True)) == [languages["fr"].pk]
    found = client.get(learn.url, {"language": "fr"})
    assert [page.pk for page in found.context["results"]] == [left.pk]
    assert "in French" in found.content.decode()
    assert not client.get(learn.url, {"language": "en"}).context["results"].object_list
    assert 'xml:lang="fr"' in client.get(f"{learn.url}flux.xml").content.decode()
    assert "in French" in client.get("/en/").content.decode()


def left_in_french(page: Page, person) -> Page:
    """The English page of `page`, published with its French text."""
    submit(page)
    copy = translated(page)
    leave_untranslated(copy, by=person)
    with TestCase.captureOnCommitCallbacks(execute=True):
        copy.get_latest_revision().publish()
    return translated(page)


def test_whatever_says_its_text_says_in_which_language(left, person, client):
    leave_untranslated(left, by=person)
    with TestCase.captureOnCommitCallbacks(execute=True):
        left.get_latest_revision().publish()
    html = client.get(left.url).content.decode()
    assert '<meta property="og:locale" content="fr">' in html
    (citation,) = [line for line in html.splitlines() if "Licence" in line and "<p" in line]
    assert '<p lang="fr">' in citation
    assert "LA  - fr" in citing(translated(left)).ris


def test_the_trainings_of_a_series_and_their_dates_say_their_language(learn, person, client):
    training = factories.training(title="Fixer un prix juste")
    factories.session(training, label="Première soirée")
    series = factories.series(training, title="Vendre sans perdre")
    translate(training.get_parent().specific)
    series, training = translate(series), left_in_french(training, person)
    assert '<h3 lang="fr">Première soirée' in client.get(training.url).content.decode()
    html = client.get(series.url).content.decode()
    assert f'<h3 lang="fr"><a href="{training.url}">Fixer un prix juste' in html
    assert "<h1>EN Vendre sans perdre" in html


def test_the_cases_that_inspired_another_say_their_language(learn, person, client):
    source = factories.case_study(title="Un marché du soir")
    case = factories.case_study(title="Un marché de nuit")
    case.inspirations.create(source=source)
    html = client.get(translate(case).url).content.decode()
    assert 'lang="fr">Un marché du soir</a>' in html


def test_a_translation_published_later_is_marked_no_more(left, learn, person, client):
    leave_untranslated(left, by=person)
    left.get_latest_revision().publish()
    copy = update(left.get_translation(factories.library().locale).specific)
    html = client.get(copy.url).content.decode()
    assert "This page is in French" not in html
    assert not UntranslatedText.objects.exists()


def test_only_who_may_edit_says_that_it_is_meant(left, client, person):
    with pytest.raises(Refused):
        leave_untranslated(left, by=factories.member())
    client.force_login(factories.member())
    client.post(reverse("leave_untranslated", args=[left.pk]))
    assert not UntranslatedText.objects.exists()


def test_a_source_and_a_translated_page_have_nothing_to_say(learn, person):
    page = factories.article(title="Vendre au marché")
    copy = translate(page)
    for one in (page, copy):
        with pytest.raises(Refused):
            leave_untranslated(one, by=person)


def test_a_translated_page_is_not_offered_to_be_left(learn, editor):
    copy = translate(factories.article(title="Vendre au marché"))
    screen = editor.get(reverse("leave_untranslated", args=[copy.pk])).content.decode()
    assert "Une partie de cette page est traduite" in screen
    assert "Oui, la laisser" not in screen


def test_saying_it_twice_is_saying_it_once(left, person):
    leave_untranslated(left, by=person)
    leave_untranslated(left, by=person)
    assert UntranslatedText.objects.get().language == "fr"
