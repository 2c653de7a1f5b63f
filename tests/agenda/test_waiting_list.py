"""The waiting list: in order, served at once or at night, until the deadline; nobody sent away."""

import pytest
from django.core import mail
from django.utils import timezone

from commons.agenda import emails, registration, waiting_list
from commons.agenda.models import Registration, SignUp, State, Status
from commons.members.erasure import erase
from commons.refused import Refused
from tests import factories
from tests.agenda.sign_ups import HOUR, fill, later, recipients, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def session():
    return factories.session(capacity=1)


def waiting(session, count=1) -> list[Registration]:
    return [factories.registration(session, state=State.WAITING) for _ in range(count)]


def states(rows) -> list[str]:
    return [Registration.objects.get(pk=row.pk).state for row in rows]


def test_the_head_is_promoted_and_told(session):
    heads = waiting(session, 2)
    assert waiting_list.promote_next(session) == heads[0]
    assert states(heads) == [State.CONFIRMED, State.WAITING]
    assert recipients() == [heads[0].email]
    assert mail.outbox[0].subject.startswith("Une place est à vous")


def test_nobody_is_promoted_without_a_seat(session):
    fill(session)
    heads = waiting(session)
    assert waiting_list.promote_next(session) is None
    assert (states(heads), mail.outbox) == ([State.WAITING], [])


def test_an_empty_list_promotes_nobody(session):
    assert waiting_list.promote_next(session) is None


def test_a_held_seat_is_not_free(session):
    visitor(session)
    waiting(session)
    assert waiting_list.promote_next(session) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.CANCELLED},
        {"status": Status.POSTPONED},
        {"sign_up": SignUp.ELSEWHERE},
        {"sign_up_closes_at": timezone.now() - HOUR},
        {"starts_at": timezone.now() - HOUR},
    ],
)
def test_nobody_is_promoted_too_late_or_for_nothing(session, fields):
    heads = waiting(session)
    type(session).objects.filter(pk=session.pk).update(**fields)
    assert waiting_list.promote_all_free(session) == []
    assert waiting_list.release_due() == {"expired": 0, "promoted": 0}
    assert (states(heads), mail.outbox) == ([State.WAITING], [])


def test_nobody_is_promoted_while_the_page_is_withdrawn(session):
    waiting(session)
    session.page.specific.unpublish()
    assert waiting_list.promote_next(session) is None


class TestCapacity:
    def test_raising_it_promotes_in_order(self, session):
        fill(session)
        heads = waiting(session, 3)
        waiting_list.set_capacity(session, 3, by=None)
        assert states(heads) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]
        assert recipients() == [head.email for head in heads[:2]]

    def test_no_limit_promotes_everybody(self, session):
        heads = waiting(session, 3)
        assert waiting_list.set_capacity(session, None, by=None).capacity is None
        assert set(states(heads)) == {State.CONFIRMED}

    def test_lowering_it_sends_nobody_away(self, session):
        waiting_list.set_capacity(session, 3, by=None)
        seated = fill(session, 3)
        waiting_list.set_capacity(session, 1, by=None)
        assert states(seated) == [State.CONFIRMED] * 3
        (head,) = waiting(session)
        registration.cancel(seated[0])
        assert states([head]) == [State.WAITING]

    @pytest.mark.parametrize("capacity", [0, -1, 100_001])
    def test_a_number_that_makes_no_sense_is_refused(self, session, capacity):
        with pytest.raises(Refused, match="1 au moins"):
            waiting_list.set_capacity(session, capacity, by=None)

    def test_only_by_who_organises(self, session):
        with pytest.raises(Refused, match="organisent"):
            waiting_list.set_capacity(session, 5, by=factories.member())


class TestPlaces:
    def test_they_are_counted_from_one(self, session):
        rows = waiting(session, 3)
        assert [waiting_list.position(row) for row in rows] == [1, 2, 3]
        assert waiting_list.positions(session) == {row.pk: n for n, row in enumerate(rows, 1)}

    def test_who_does_not_wait_has_none(self, session):
        assert waiting_list.position(fill(session)[0]) is None

    def test_other_sessions_do_not_count(self, session):
        waiting(factories.session())
        assert waiting_list.position(waiting(session)[0]) == 1

    def test_a_slow_clock_puts_nobody_before_another(self, session):
        fill(session)
        ahead = factories.registration(
            session, state=State.WAITING, queued_at=timezone.now() + HOUR
        )
        found = registration.register(session, member=factories.member())
        assert waiting_list.positions(session) == {ahead.pk: 1, found.pk: 2}


class TestAtNight:
    def test_a_seat_not_confirmed_in_a_day_goes_to_the_list(self, session):
        held = visitor(session)
        heads = waiting(session, 2)
        mail.outbox.clear()
        with later(hours=23):
            assert waiting_list.release_due() == {"expired": 0, "promoted": 0}
        with later(hours=24, minutes=1):
            assert waiting_list.release_due() == {"expired": 1, "promoted": 1}
            assert waiting_list.release_due() == {"expired": 0, "promoted": 0}
        assert states([held, *heads]) == [State.EXPIRED, State.CONFIRMED, State.WAITING]
        assert recipients() == [heads[0].email]

    def test_who_never_confirmed_their_wait_is_forgotten_too(self, session):
        fill(session)
        unheld = visitor(session)
        with later(hours=25):
            assert waiting_list.release_due()["expired"] == 1
        assert states([unheld]) == [State.EXPIRED]

    def test_the_seat_of_an_erased_member_goes_to_the_list(self, session):
        member = factories.member()
        registration.register(session, member=member)
        (head,) = waiting(session)
        erase(member)
        assert states([head]) == [State.CONFIRMED], "at once, not with the next run"
        assert waiting_list.release_due() == {"expired": 0, "promoted": 0}

    def test_a_full_session_costs_no_lock(self, session, django_assert_num_queries):
        fill(session)
        waiting(session)
        with django_assert_num_queries(3):
            waiting_list.release_due()

    def test_the_email_says_the_place_on_the_list(self, session):
        fill(session)
        waiting(session)
        registration.register(session, member=factories.member())
        assert "position 2" in mail.outbox[0].body

    def test_confirming_after_the_seat_was_given_is_refused(self, session):
        key = emails.confirmation_key([visitor(session)])
        Registration.objects.update(held_until=timezone.now())
        waiting_list.release_due()
        with pytest.raises(Refused, match="délai"):
            registration.confirm(key)
