"""What is kept in memory of sessions for everybody: their calendars, the seats left."""

import pytest

from tests import factories
from tests.agenda.sign_up_pages import address, words
from tests.asking import Given, hits, process, settle

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("site", "one_long_day"),
]


@pytest.fixture
def session():
    made = factories.session(capacity=3, video_url="https://visio.example/abc")
    Given(process(), made.page.get_url_parts()[2])  # Wagtail makes what it misses at first
    settle()
    return made


def test_a_calendar_is_kept_and_has_nothing_personal(session):
    app, place = process(), address(session, "session_ics")
    Given(app, place)
    assert hits(app, place, place) == 2
    assert b"visio.example" not in Given(app, place).body


def test_what_is_personal_is_never_kept(session):
    found = factories.registration(session)
    settle()
    app = process()
    for place in (
        address(session),
        f"/compte/inscription/{found.token}/",
        f"/compte/inscription/{found.token}.ics",
    ):
        assert Given(app, place).status == 200
        assert hits(app, place, place) == 0, place


def test_the_seats_left_follow_each_registration(session):
    app, place = process(), session.page.get_url_parts()[2]
    assert "3 places sur 3" in words(Given(app, place).text)
    assert hits(app, place) == 1
    factories.registration(session)
    assert "2 places sur 3" in words(Given(app, place).text)
