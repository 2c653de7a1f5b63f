"""Leaving a page in French, twice at once, and at the moment when it is published or translated."""

import pytest
from wagtail.models import Page, PageLogEntry

from commons.members.permissions import EDITOR
from commons.pages.models import UntranslatedText
from commons.pages.untranslated import MEANT, Untranslated, leave_untranslated, left_of
from commons.refused import Refused
from tests import factories
from tests.pages.translating import english_library, submit, translated, write
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def translation(transactional_db):
    factories.site()
    english_library()
    return submit(factories.article(title="Vendre au marché du village", slug="vendre"))


@pytest.fixture
def person():
    return factories.member(groups=[EDITOR])


def copy_of(translation) -> Page:
    return translated(
        Page.objects.get(translation_key=translation.source.object_id, locale__language_code="fr")
    )


def test_two_editors_at_once_say_it_once(translation, person):
    page = copy_of(translation)
    assert at_once(*[lambda: leave_untranslated(page, by=person)] * 4) == [None] * 4
    assert UntranslatedText.objects.get(page_id=page.pk).language == "fr"
    assert PageLogEntry.objects.filter(page=page.pk, action=MEANT).count() == 1


def test_said_while_it_is_published_it_is_online_and_marked_or_still_a_draft(translation, person):
    page = copy_of(translation)
    revision = page.get_latest_revision()
    said, published = at_once(lambda: leave_untranslated(page, by=person), revision.publish)
    assert said is None
    assert published is None or isinstance(published, Untranslated)
    assert Page.objects.get(pk=page.pk).live == (published is None)
    assert UntranslatedText.objects.get(page_id=page.pk).language == "fr"


@pytest.mark.parametrize("turn", range(3))
def test_said_while_its_translation_comes_out_the_page_is_not_marked_french(
    translation, person, turn
):
    page = copy_of(translation)
    write(translation, {"vendre": "selling"})
    said, published = at_once(
        lambda: leave_untranslated(page, by=person),
        lambda: translation.save_target(publish=True),
    )
    assert published is None
    assert said is None or isinstance(said, Refused)
    page = copy_of(translation)
    assert page.live
    assert left_of(page) == (False, False)
    assert not UntranslatedText.objects.exists()
