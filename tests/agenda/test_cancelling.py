"""Leaving: the seat is free at once for the head of the list, whoever comes back is last."""

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from commons.agenda import registration, waiting_list
from commons.agenda.models import Registration, State
from commons.refused import Refused
from tests import factories
from tests.agenda.sign_ups import HOUR, fill, later, recipients, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def member():
    return factories.member(display_name="Léa")


@pytest.fixture
def session():
    return factories.session(capacity=2)


def test_it_frees_the_seat_for_the_head_of_the_list(session, member):
    mine = registration.register(session, member=member)
    fill(session, 1)
    heads = [factories.registration(session, state=State.WAITING) for _ in range(2)]
    mail.outbox.clear()
    assert registration.cancel(mine, by=member).state == State.CANCELLED
    for head in heads:
        head.refresh_from_db()
    assert [head.state for head in heads] == [State.CONFIRMED, State.WAITING]
    assert recipients() == [member.email, heads[0].email]


def test_twice_is_once(session, member):
    mine = registration.register(session, member=member)
    first = registration.cancel(mine)
    again = registration.cancel(mine)
    assert (again.state, again.sequence) == (State.CANCELLED, first.sequence)
    assert len(mail.outbox) == 2


def test_also_when_full_after_the_deadline_and_during(session, member):
    mine, *_others = fill(session)
    session.sign_up_closes_at = timezone.now() - HOUR
    session.starts_at = timezone.now() - HOUR
    session.save()
    assert registration.cancel(mine).state == State.CANCELLED


def test_not_once_over(session):
    mine, *_others = fill(session)
    with later(days=8), pytest.raises(Refused, match="terminée"):
        registration.cancel(mine)


def test_the_deadline_ends_promotion(session):
    mine, *_others = fill(session)
    head = factories.registration(session, state=State.WAITING)
    session.sign_up_closes_at = timezone.now()
    session.save()
    registration.cancel(mine)
    head.refresh_from_db()
    assert head.state == State.WAITING


def test_leaving_the_list_moves_the_others_up(session):
    fill(session)
    first, second = [factories.registration(session, state=State.WAITING) for _ in range(2)]
    registration.cancel(first)
    assert waiting_list.positions(session) == {second.pk: 1}


def test_coming_back_is_at_the_end_of_the_list(session, member):
    fill(session)
    mine = registration.register(session, member=member)
    with time_machine.travel(timezone.now(), tick=False):
        other = registration.register(session, member=factories.member())
        registration.cancel(mine)
        again = registration.register(session, member=member)
    assert again == mine
    assert waiting_list.positions(session) == {other.pk: 1, mine.pk: 2}


def test_an_unconfirmed_seat_is_freed_without_a_mail(session):
    fill(session, 1)
    held = visitor(session)
    head = factories.registration(session, state=State.WAITING)
    mail.outbox.clear()
    registration.cancel(held)
    assert recipients() == [head.email]


def test_each_change_of_ones_entry_has_a_new_sequence(session, member):
    mine = registration.register(session, member=member)
    assert mine.sequence == 0
    assert registration.cancel(mine).sequence == 1
    assert registration.register(session, member=member).sequence == 2


def test_of_an_erased_person(session, member):
    mine = registration.register(session, member=member)
    Registration.objects.all().delete()
    with pytest.raises(Refused, match="n’existe plus"):
        registration.cancel(mine)


def test_not_by_another_member(session, member):
    mine = registration.register(session, member=member)
    with pytest.raises(Refused, match="organisent"):
        registration.cancel(mine, by=factories.member())
    mine.refresh_from_db()
    assert mine.state == State.CONFIRMED
