"""Somebody is erased while they, or others, do something at the very same moment."""

import pytest
from django.db import connection
from django.urls import reverse

from commons.agenda import registration
from commons.agenda.models import Registration, State
from commons.members.erasure import erase
from commons.members.models import Member
from tests import factories
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]


def test_twice_at_once_is_once():
    member = factories.member()
    session = factories.session(capacity=1)
    factories.registration(session, member=member)
    waiting = [factories.registration(session, state=State.WAITING) for _ in range(2)]
    done = at_once(*[lambda: erase(Member.objects.get(pk=member.pk))] * 2)
    assert [one for one in done if isinstance(one, Exception) and not _is_absent(one)] == []
    assert not Member.objects.exists()
    states = [Registration.objects.get(pk=row.pk).state for row in waiting]
    assert states == [State.CONFIRMED, State.WAITING]


def _is_absent(error) -> bool:
    return isinstance(error, Member.DoesNotExist)


def test_several_leave_the_same_sessions_at_once_in_any_order():
    members = [factories.member() for _ in range(3)]
    sessions = [factories.session(capacity=2) for _ in range(3)]
    for member in members[:2]:
        for session in reversed(sessions):
            factories.registration(session, member=member)
    for session in sessions:
        factories.registration(session, member=members[2], state=State.WAITING)
    leaving = [lambda member=member: erase(member) for member in members[:2]]
    done = at_once(*leaving, lambda: registration.cancel(sessions[0].registrations.waiting().get()))
    assert [one for one in done if isinstance(one, Exception)] == []
    left = Registration.objects.order_by("session").values_list("member", "state")
    assert set(left) <= {(members[2].pk, State.CONFIRMED), (members[2].pk, State.CANCELLED)}
    assert len(left) == 3


def test_who_signs_up_while_being_erased_leaves_nothing():
    for _ in range(5):
        member, session = factories.member(), factories.session()
        erased, registered = at_once(
            lambda member=member: erase(member),
            lambda member=member, session=session: registration.register(session, member=member),
        )
        assert not isinstance(erased, Exception)
        if isinstance(registered, Exception):
            assert "vient d’être supprimé" in str(registered)
        assert not Registration.objects.exists()


def test_who_is_erased_just_before_the_lock_reads_why(client):
    member, session = factories.member(), factories.session()
    client.force_login(member)
    erased = []

    def erase_meanwhile(execute, sql, *args):
        rows = execute(sql, *args)
        if "account_emailaddress" in sql and not erased:
            erased.extend(at_once(lambda: erase(Member.objects.get(pk=member.pk))))
        return rows

    path = session.page.url.strip("/").partition("/")[2]
    address = reverse("session_register", kwargs={"path": path, "pk": session.pk})
    with connection.execute_wrapper(erase_meanwhile):
        answer = client.post(address, {})
    assert [isinstance(done, Exception) for done in erased] == [False]
    assert "vient d’être supprimé" in answer.text
    assert not Registration.objects.exists()
