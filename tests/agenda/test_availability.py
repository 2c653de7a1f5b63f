"""How full, and in which phase: the same answer for the page, the agenda and the rules."""

import datetime

import pytest
from django.utils import timezone

from commons.agenda.availability import Phase, Seats, next_time, phase, seats_of
from commons.agenda.models import Repeat, Session, SignUp, State, Status
from tests import factories
from tests.agenda.sign_ups import HOUR, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

NOBODY = Seats(None, 0, 0)


def test_confirmed_and_held_seats_are_taken():
    session = factories.session(capacity=5)
    fill(session, 2)
    now = timezone.now()
    for until in (now + HOUR, now - HOUR, None):
        factories.registration(session, state=State.PENDING, held_until=until)
    for state in (State.WAITING, State.CANCELLED, State.EXPIRED):
        factories.registration(session, state=state)
    seats = seats_of([session])[session.pk]
    assert seats == Seats(capacity=5, taken=3, waiting=1, held=1)
    assert (seats.free, seats.for_newcomers) == (2, False)


@pytest.mark.parametrize(
    ("seats", "free", "newcomers"),
    [
        (Seats(None, 9, 0), None, True),
        (Seats(None, 9, 1), None, False),
        (Seats(5, 4, 0), 1, True),
        (Seats(5, 5, 0), 0, False),
        (Seats(5, 8, 0), 0, False),
    ],
)
def test_free_seats(seats, free, newcomers):
    assert (seats.free, seats.for_newcomers) == (free, newcomers)


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_sessions_is_one_query(count, django_assert_num_queries):
    sessions = [factories.session() for _ in range(count)]
    fill(sessions[0], 1)
    with django_assert_num_queries(1):
        found = seats_of(sessions)
    assert [found[session.pk].taken for session in sessions] == [1, 0, 0][:count]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Phase.OPEN),
        ({"sign_up_opens_at": timezone.now() + HOUR}, Phase.ANNOUNCED),
        ({"sign_up_closes_at": timezone.now() - HOUR}, Phase.CLOSED),
        ({"in_days": -1, "hours": 48}, Phase.UNDER_WAY),
        ({"in_days": -2}, Phase.OVER),
        ({"status": Status.CANCELLED}, Phase.CANCELLED),
        ({"status": Status.CANCELLED, "in_days": -2}, Phase.CANCELLED),
        ({"status": Status.POSTPONED}, Phase.POSTPONED),
        ({"sign_up": SignUp.NONE}, Phase.NO_SIGN_UP),
        ({"sign_up": SignUp.ELSEWHERE}, Phase.ELSEWHERE),
        ({"sign_up": SignUp.NONE, "in_days": -2}, Phase.OVER),
    ],
)
def test_phase(fields, expected):
    assert phase(factories.session(**fields), NOBODY) == expected


def test_full_with_no_seat_or_with_a_list():
    session = factories.session(capacity=5)
    assert phase(session, Seats(5, 5, 0)) == Phase.FULL
    assert phase(session, Seats(5, 4, 1)) == Phase.FULL


def test_a_replay_counts_once_published():
    replay = factories.article(live=False)
    session = factories.session(in_days=-2, replay=replay.page_ptr)
    assert phase(session, NOBODY) == Phase.OVER
    replay.get_latest_revision().publish()
    assert phase(Session.objects.get(), NOBODY) == Phase.REPLAY


def test_a_session_that_comes_back_is_never_over_before_its_last():
    start = timezone.now() - datetime.timedelta(days=30)
    session = factories.session(
        starts_at=start,
        ends_at=start + HOUR,
        repeat=Repeat.WEEKLY,
        sign_up=SignUp.NONE,
        repeat_until=(start + datetime.timedelta(days=40)).date(),
    )
    assert phase(session, NOBODY) == Phase.NO_SIGN_UP
    coming = next_time(session, timezone.now())[0]
    assert phase(session, NOBODY, coming + HOUR / 2) == Phase.UNDER_WAY
    assert phase(session, NOBODY, start + datetime.timedelta(days=50)) == Phase.OVER
