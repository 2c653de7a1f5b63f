"""Reading time counts all the texts that a reader sees, and no other."""

import pytest

from commons.resources.reading_time import reading_time, words
from tests import factories

pytestmark = pytest.mark.usefixtures("site")


def test_reading_time_of_a_short_page_is_one_minute():
    assert reading_time(factories.article()) == 1


def test_reading_time_rounds_up():
    assert reading_time(factories.article(summary="Un", body=factories.body("mot " * 400))) == 3


def test_words_leave_out_the_note_of_the_team():
    page = factories.article()
    before = words(page)
    page.editor_note = "cent mots de plus"
    assert words(page) == before


def test_words_of_a_case_study_include_its_lessons():
    page = factories.case_study()
    before = words(page)
    page.lessons.create(kind="solution", text="Un règlement court")
    assert words(page) == before + 3
