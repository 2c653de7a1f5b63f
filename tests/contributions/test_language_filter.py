"""What was just published is found by its language at once, however it came out."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from commons.contributions import registry
from tests import factories
from tests.contributions.form_data import BY_KIND, act, submitted
from tests.pages.translating import english_library, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def languages(library):
    return {code: factories.term("language", code) for code in ("fr", "en", "de")}


def shown(client, page, language: str) -> bool:
    """Whether the list in which `page` stands shows it among those in `language`."""
    answer = client.get(page.get_parent().url, {"language": language})
    return page.pk in [found.pk for found in answer.context["results"]]


@pytest.mark.parametrize("kind", BY_KIND)
def test_what_a_moderator_accepts(languages, client, kind):
    contribution = submitted(factories.member(), kind)
    act(contribution, "accept", by=factories.member(groups=["Modération"]))
    page = contribution.page.specific
    assert shown(client, page, "fr")
    assert not shown(client, page, "en")


def test_every_kind_that_one_may_propose_to_the_library_is_among_them():
    assert {kind.slug for kind, _address in registry.offered("resources")} == {*BY_KIND}


@pytest.mark.parametrize(
    "make",
    [
        factories.article,
        factories.guide,
        factories.case_study,
        factories.external_resource,
        factories.generic_model,
        factories.question,
        lambda: factories.recording(url="https://exemple.org/entretien.mp3"),
        factories.training,
    ],
)
def test_what_an_editor_publishes_of_each_type(languages, client, make):
    assert shown(client, make(), "fr")


def test_what_is_published_again(languages, client):
    page = factories.article()
    page.unpublish()
    page.refresh_from_db()
    page.title = "Autre titre"
    page.save_revision().publish()
    page.save_revision().publish()
    assert shown(client, page, "fr")


def test_what_a_schedule_brings_out(languages, client):
    page = factories.article(live=False)
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    assert not shown(client, page, "fr")
    page.revisions.update(approved_go_live_at=timezone.now() - datetime.timedelta(hours=1))
    latest = page.get_latest_revision()
    latest.content["go_live_at"] = None
    latest.save()
    call_command("publish_scheduled")
    assert shown(client, page, "fr")


def test_a_translation_is_listed_under_its_own_language(languages, client):
    english_library()
    copy = translate(factories.article(title="Vendre"), {"Vendre": "Selling"})
    assert shown(client, copy, "en")
    assert not shown(client, copy, "fr")


def test_an_external_resource_is_listed_under_the_language_its_editor_chose(languages, client):
    page = factories.external_resource(terms=[languages["de"]])
    assert shown(client, page, "de")
    assert not shown(client, page, "fr")
