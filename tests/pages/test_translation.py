"""A translation is never public when its source is not, and both trees stay sound."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail_localize.models import LocaleSynchronization, Translation
from wagtail_localize.operations import translate_page_subtree

from commons.pages.models import PlainPage
from commons.pages.translation import withdraw_orphans
from commons.pages.visibility import visible_pages
from commons.resources.case_study import Lesson
from tests import factories
from tests.pages.translating import (
    english,
    english_library,
    publish,
    submit,
    translate,
    translated,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
EVERYBODY = AnonymousUser()


@pytest.fixture
def learn():
    return english_library()


@pytest.fixture
def page(learn):
    return factories.article(title="Vendre", slug="vendre")


@pytest.fixture
def copy(page):
    return translate(page, {"Vendre": "Selling"})


@pytest.fixture(autouse=True)
def _sound_trees():
    yield
    assert not any(Page.find_problems())


def public(page: Page) -> bool:
    return visible_pages(EVERYBODY).filter(pk=page.pk).exists()


def restrict(page: Page, kind=PageViewRestriction.LOGIN, **fields) -> PageViewRestriction:
    return PageViewRestriction.objects.create(page=page, restriction_type=kind, **fields)


def test_unpublishing_the_source_unpublishes_the_translation(page, copy):
    assert public(copy)
    page.unpublish()
    assert not public(copy)


def test_hiding_the_source_in_any_other_way_too(page, copy):
    page.live = False
    page.save()
    assert not public(copy)


def test_source_and_translation_are_withdrawn_together_or_not_at_all(page, copy, monkeypatch):
    def fail(self, **options):
        raise RuntimeError("killed")

    monkeypatch.setattr(type(copy), "unpublish", fail)
    page.live = False
    with pytest.raises(RuntimeError):
        page.save()
    page.refresh_from_db()
    assert page.live


def test_unpublishing_a_translation_leaves_the_source(page, copy):
    copy.unpublish()
    assert public(page)


def test_deleting_the_source_unpublishes_and_keeps_the_translation(page, copy):
    page.delete()
    copy.refresh_from_db()
    assert not copy.live


def test_deleting_a_parent_unpublishes_what_was_translated_under_it(learn, page, copy):
    Page.objects.get(pk=page.get_parent().pk).delete()
    assert not public(learn)
    assert not public(copy)
    assert public(translated(Page.objects.get(slug="fr")))


def test_unpublishing_a_parent_with_its_children(learn, page, copy):
    from wagtail.actions.unpublish_page import UnpublishPageAction

    editor = factories.member(is_superuser=True)
    parent = page.get_parent().specific
    UnpublishPageAction(parent, include_descendants=True, user=editor).execute()
    assert not public(learn)
    assert not public(copy)


def test_expiry_reaches_the_translation(page, copy):
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(hours=1))
    call_command("publish_scheduled")
    assert not public(copy)


def test_publishing_the_source_again_leaves_the_translation_offline(page, copy):
    page.unpublish()
    page.save_revision().publish()
    assert public(page)
    assert not public(copy)


def test_translation_of_a_draft_cannot_go_public(page, copy):
    page.unpublish()
    copy.refresh_from_db()
    copy.save_revision().publish()
    assert not public(copy)


def test_restricting_the_source_restricts_the_translation(page, copy):
    restrict(page)
    assert not public(copy)
    [restriction] = copy.view_restrictions.all()
    assert restriction.restriction_type == PageViewRestriction.LOGIN


def test_restricting_a_parent_restricts_its_translation_once(learn, page, copy):
    restrict(page.get_parent())
    assert not public(copy)
    assert learn.view_restrictions.count() == 1
    assert copy.view_restrictions.count() == 0


def test_restricting_a_parent_reaches_a_translation_that_lives_elsewhere(page, copy):
    copy.move(translated(Page.objects.get(slug="fr")), pos="last-child")
    restrict(page.get_parent())
    assert not public(copy)


def test_groups_of_a_restriction_reach_the_translation(page, copy):
    committee = Group.objects.create(name="Comité")
    restriction = restrict(page, PageViewRestriction.GROUPS)
    restriction.groups.set([committee])
    [mirror] = copy.view_restrictions.all()
    assert list(mirror.groups.all()) == [committee]


def test_password_of_a_restriction_reaches_the_translation(page, copy):
    restrict(page, PageViewRestriction.PASSWORD, password="panier")
    [mirror] = copy.view_restrictions.all()
    assert mirror.password == "panier"


def test_lifting_a_restriction_opens_the_source_only(page, copy):
    restrict(page).delete()
    assert public(page)
    assert not public(copy)


def test_restricting_a_translation_leaves_the_source(page, copy):
    restrict(copy)
    assert public(page)
    assert page.view_restrictions.count() == 0


def test_moving_the_source_under_a_restricted_page(page, copy):
    closed = factories.article(title="Fermé")
    restrict(closed)
    page.move(closed, pos="last-child")
    assert not public(copy)


def test_moving_the_source_out_of_the_site(page, copy):
    outside = Page.get_first_root_node().add_child(
        instance=PlainPage(title="Réserve", slug="reserve", locale=page.locale)
    )
    page.move(outside, pos="last-child")
    assert not public(copy)


def test_nightly_check_finds_what_went_past_the_rules(page, copy):
    Page.objects.filter(pk=page.pk).update(live=False)
    assert public(copy)
    assert [orphan.pk for orphan in withdraw_orphans()] == [copy.pk]
    assert not public(copy)
    assert withdraw_orphans() == []


def test_nightly_check_closes_what_was_restricted_past_the_rules(page, copy):
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page=page, restriction_type=PageViewRestriction.LOGIN)]
    )
    assert public(copy)
    assert withdraw_orphans() == []
    assert not public(copy)


def test_nightly_check_asks_as_much_of_two_translations_as_of_one(
    page, copy, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as one:
        withdraw_orphans()
    translate(factories.article())
    with django_assert_max_num_queries(len(one)):
        withdraw_orphans()


def test_copies_made_by_synchronising_a_language_are_drafts(learn, page):
    german = Locale.objects.create(language_code="de")
    LocaleSynchronization.objects.create(locale=german, sync_from=page.locale)
    copies = Page.objects.filter(locale=german)
    assert copies.filter(translation_key=page.translation_key).exists()
    assert not copies.filter(live=True).exists()
    page.title = "Vendre mieux"
    page.save_revision().publish()
    assert not copies.filter(live=True).exists()


def test_translating_a_subtree_leaves_every_child_at_its_address(client):
    home = Page.objects.get(slug="fr").specific
    guide = factories.guide(slug="guide")
    editor = factories.member(is_superuser=True)
    with TestCase.captureOnCommitCallbacks(execute=True):
        submit(home)
        translate_page_subtree(home.pk, [english()], None, editor)
    assert not any(Page.find_problems())
    with TestCase.captureOnCommitCallbacks(execute=True):
        for translation in Translation.objects.order_by("pk"):
            write(translation, {"fr": "en", guide.slug: guide.slug})
            translation.save_target(publish=True)
    assert not any(Page.find_problems())
    assert client.get(translated(guide).url).status_code == 200


def test_parent_published_after_its_children_came_still_finds_them(learn, page, copy, client):
    late = learn.save_revision()
    stale = late.as_object()
    Page.objects.filter(pk=learn.pk).update(numchild=0)
    stale.save_revision().publish()
    assert client.get(copy.url).status_code == 200


def test_draft_case_study_with_unsaved_lessons_can_be_translated(learn):
    case = factories.case_study(live=False)
    case.lessons = [
        Lesson(kind=Lesson.Kind.SOLUTION, text=text, locale=case.locale, sort_order=i)
        for i, text in enumerate(["Un relais.", "Une charte."])
    ]
    case.save_revision()
    submit(case)
    assert {lesson.locale for lesson in translated(case).lessons.all()} == {english()}


def test_translation_can_be_published_again_by_an_editor(page, copy):
    page.unpublish()
    page.save_revision().publish()
    publish(Translation.objects.get(source__object_id=page.translation_key))
    assert public(copy)
