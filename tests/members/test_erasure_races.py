"""Somebody is erased while they, or others, do something at the very same moment."""

import pytest
from django.db import connection
from django.urls import reverse

from commons.agenda import broadcasts, calendar_link, registration
from commons.agenda.models import Audience, CalendarLink, Message, Registration, State
from commons.contributions import drafting, moderation, submission
from commons.contributions.models import Contribution, ContributionEvent
from commons.members.accounts import change_profile, choose_credit, complete_sign_up
from commons.members.erasure import erase
from commons.members.models import Consent, Member, Purpose
from commons.refused import Refused
from tests import factories
from tests.contributions.form_data import data, drafted, submitted
from tests.members.stored_data import occurrences
from tests.threads import Meanwhile, at_once

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


WORD = "zyglouton"  # what they were writing


def save_a_draft(member):
    return lambda: drafted(member, title=WORD)


def save_a_draft_again(member):
    token = drafted(member).token
    fields = {"kind": "article", "data": data(title=WORD), "language": "fr"}
    return lambda: drafting.save_draft(token=token, by=member, **fields)


def send_a_draft(member):
    draft = drafted(member, title=WORD)
    return lambda: submission.submit(draft, by=member)


def send_a_visitors_draft(member):
    draft = drafted(drafting.Visitor(name="Ana", email="ana@example.org"), title=WORD)
    return lambda: submission.submit(draft, by=member)


def send_again(member):
    contribution = submitted(member)
    Contribution.objects.filter(pk=contribution.pk).update(data=data(title=WORD))
    return lambda: submission.revise(contribution, author=member)


def take_back(member):
    contribution = submitted(member, title=WORD)
    return lambda: submission.withdraw(contribution, author=member)


def decide(member):
    member.groups.add(factories.member(groups=["Modération"]).groups.get())
    contribution = submitted(factories.member())
    fields = {"version": moderation.version_of(contribution), "comment": f"De {WORD}"}
    refuse = moderation.Decision.REFUSE
    return lambda: moderation.decide(contribution, decision=refuse, by=member, **fields)


def change_the_profile(member):
    return lambda: change_profile(member, display_name=WORD, language="en")


def complete_the_sign_up(member):
    consents = list(Purpose)
    return lambda: complete_sign_up(member, display_name=WORD, language="fr", consents=consents)


def choose_to_be_named(member):
    return lambda: choose_credit(member, credited=True)


def ask_for_a_calendar(member):
    return lambda: calendar_link.renew(member=member)


def write_to_registered_people(member):
    session = factories.session()
    session.page.owner = member
    session.page.save()
    factories.registration(session)
    message = Message(audience=Audience.ALL, subject="Bonjour", text="Merci.", token="a" * 20)
    return lambda: broadcasts.send_message(session, message, by=member)


ACTS = [
    *(save_a_draft, save_a_draft_again, send_a_draft, send_a_visitors_draft, send_again),
    *(take_back, decide, change_the_profile, complete_the_sign_up, choose_to_be_named),
    *(ask_for_a_calendar, write_to_registered_people),
]


def check_nothing_is_left(act, acted, *, of: int) -> None:
    assert not isinstance(acted, Exception) or isinstance(acted, Refused), repr(acted)
    assert not Member.objects.filter(pk=of).exists()
    for rows in (Consent.objects.all(), CalendarLink.objects.all()):
        assert not rows.exists()
    assert not Contribution.objects.filter(author=of).exists()
    assert not ContributionEvent.objects.filter(by=of).exists()
    # A decision stands, and a visitor's draft is the visitor's.
    if act not in {decide, send_a_visitors_draft}:
        assert occurrences(WORD) == []


@pytest.mark.parametrize("act", ACTS)
def test_what_begins_in_the_midst_of_an_erasure_leaves_nothing(act):
    member = factories.member()
    number, begun = member.pk, act(member)
    # What they wrote is gone by then, what points at them not yet.
    meanwhile = Meanwhile(begun, after='FROM "django_session"')
    with connection.execute_wrapper(meanwhile):
        erase(Member.objects.get(pk=number))
    check_nothing_is_left(act, meanwhile.end(), of=number)


@pytest.mark.parametrize("act", ACTS)
def test_an_erasure_in_the_midst_of_an_act_leaves_nothing(act):
    member = factories.member()
    number, begun = member.pk, act(member)
    meanwhile = Meanwhile(lambda: erase(Member.objects.get(pk=number)), after="SELECT")
    with connection.execute_wrapper(meanwhile):
        (acted,) = _tried(begun)
    erased = meanwhile.end()
    assert not isinstance(erased, Exception), repr(erased)
    check_nothing_is_left(act, acted, of=number)


def _tried(act) -> list:
    try:
        return [act()]
    except Refused as refused:
        return [refused]
