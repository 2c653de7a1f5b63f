"""Many people at the same moment, by real threads: no seat twice, no one forgotten, one email."""

import random

import pytest
from wagtail.models import PageLogEntry

from commons.agenda import emails, registrants, registration, scheduling, waiting_list
from commons.agenda.availability import dates_ahead
from commons.agenda.emails import Kind
from commons.agenda.models import Registration, Repeat, Session, SignUp, State, Status
from commons.refused import Refused
from tests import factories
from tests.agenda.sent_emails import check_emails, emails_of
from tests.agenda.sign_ups import fill
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _site(transactional_db, settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    factories.site()


def faults(results) -> list:
    """What was raised that is no refusal."""
    raised = [result for result in results if isinstance(result, Exception)]
    return [error for error in raised if not isinstance(error, Refused)]


def count(session, state) -> int:
    return session.registrations.filter(state=state).count()


def test_forty_people_for_five_seats():
    session = factories.session(capacity=5)
    crowd = [factories.member() for _ in range(40)]
    results = at_once(*(lambda p=p: registration.register(session, member=p) for p in crowd))
    assert faults(results) == []
    assert (count(session, State.CONFIRMED), count(session, State.WAITING)) == (5, 35)
    check_emails(session)


def test_a_seat_that_is_freed_goes_to_the_list_not_to_who_comes_at_that_moment():
    session = factories.session(capacity=3)
    crowd = [factories.member() for _ in range(16)]
    first = [registration.register(session, member=person) for person in crowd[:6]]
    acts = [lambda r=r: registration.cancel(r) for r in first[:3]]
    acts += [lambda p=p: registration.register(session, member=p) for p in crowd[6:]]
    assert faults(at_once(*acts)) == []
    seated = session.registrations.confirmed().values_list("member", flat=True)
    assert set(seated) == {person.pk for person in crowd[3:6]}
    check_emails(session)


def test_twenty_identical_posts_are_one_registration_and_one_email():
    session = factories.session(capacity=5)
    member = factories.member()
    results = at_once(*(lambda: registration.register(session, member=member) for _ in range(20)))
    assert len({result.pk for result in results}) == 1
    assert emails_of(session) == [(Kind.CONFIRMED, member.email)]


def test_twenty_identical_posts_without_account_too():
    session = factories.session(capacity=5)
    acts = [
        lambda: registration.register(session, name="Ana", email="ana@example.org")
        for _ in range(20)
    ]
    results = at_once(*acts)
    assert len({result.pk for result in results}) == 1
    assert emails_of(session) == [(Kind.CONFIRM, "ana@example.org")]
    key = emails.confirmation_key(results[:1])
    at_once(*(lambda: registration.confirm(key) for _ in range(5)))
    assert [kind for kind, _to in emails_of(session)] == [Kind.CONFIRM, Kind.CONFIRMED]


def test_one_seat_is_given_once_by_several_promotions():
    session = factories.session(capacity=1)
    rows = [factories.registration(session, state=State.WAITING) for _ in range(4)]
    results = at_once(*(lambda: waiting_list.promote_next(session) for _ in range(6)))
    assert [result for result in results if result] == [rows[0]]
    assert emails_of(session) == [(Kind.PROMOTED, rows[0].email)]


def test_two_runs_at_once_promote_once():
    session = factories.session(capacity=2)
    rows = [factories.registration(session, state=State.WAITING) for _ in range(4)]
    results = at_once(*(waiting_list.release_due for _ in range(3)))
    assert faults(results) == []
    assert sum(result["promoted"] for result in results) == 2
    assert emails_of(session) == [(Kind.PROMOTED, row.email) for row in rows[:2]]


def test_more_seats_and_newcomers_at_once():
    session = factories.session(capacity=1)
    crowd = [factories.member() for _ in range(18)]
    for person in crowd[:6]:
        registration.register(session, member=person)
    acts = [lambda n=n: waiting_list.set_capacity(session, n, by=None) for n in (4, 9)]
    acts += [lambda p=p: registration.register(session, member=p) for p in crowd[6:]]
    assert faults(at_once(*acts)) == []
    session.refresh_from_db()
    waiting_list.set_capacity(session, 9, by=None)
    assert (count(session, State.CONFIRMED), count(session, State.WAITING)) == (9, 9)
    check_emails(session)


def test_a_cancelled_twice_seat_promotes_one():
    session = factories.session(capacity=2)
    mine, _other = fill(session)
    for _ in range(3):
        factories.registration(session, state=State.WAITING)
    at_once(*(lambda: registration.cancel(mine) for _ in range(6)))
    assert (count(session, State.CONFIRMED), count(session, State.WAITING)) == (2, 2)


def test_edits_that_wait_behind_a_cancellation_do_not_undo_it():
    session = factories.session()
    stale = [Session.objects.select_related("page").get(pk=session.pk) for _ in range(5)]
    acts = [lambda s=s: scheduling.save_session(s, by=None) for s in stale]
    acts.insert(2, lambda: scheduling.cancel_session(session, by=None, note="Neige."))
    assert faults(at_once(*acts)) == []
    session.refresh_from_db()
    assert (session.status, session.status_note) == (Status.CANCELLED, "Neige.")


def test_calling_off_and_bringing_back_at_once_tell_each_person_each_step():
    session = factories.session()
    people = [row.email for row in fill(session, 2)]
    acts = [lambda: scheduling.cancel_session(session, by=None) for _ in range(4)]
    acts += [lambda: scheduling.restore_session(session, by=None) for _ in range(4)]
    assert faults(at_once(*acts)) == []
    session.refresh_from_db()
    kinds = {"agenda.cancel": Kind.SESSION_CANCELLED, "agenda.restore": Kind.PLANNED_AGAIN}
    done = PageLogEntry.objects.filter(page=session.page_id, action__in=kinds).order_by("pk")
    steps = list(done.values_list("action", flat=True))
    told = [(kinds[step], person) for step in steps for person in people]
    assert emails_of(session) == told
    assert session.sequence == len(steps)
    assert session.status == (Status.PLANNED if len(steps) % 2 == 0 else Status.CANCELLED)


def test_days_skipped_at_once_are_all_without():
    session = factories.session(repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
    days = [at.date() for at in dates_ahead(session, most=6)]
    acts = [lambda d=d: scheduling.skip_day(session, d, by=None) for d in days * 2]
    assert faults(at_once(*acts)) == []
    session.refresh_from_db()
    assert session.skipped == sorted(day.isoformat() for day in days)
    assert session.sequence == len(days)


def test_a_new_session_sent_many_times_at_once_is_one():
    like = factories.session()
    when = {"starts_at": like.starts_at, "ends_at": like.ends_at}
    rows = [Session(page=like.page, form_token="t", **when) for _ in range(6)]
    results = at_once(*(lambda s=s: scheduling.save_session(s, by=None) for s in rows))
    assert faults(results) == []
    assert (len({result.pk for result in results}), Session.objects.count()) == (1, 2)


def test_of_two_forms_filled_from_the_same_session_one_is_shown_again():
    session = factories.session()
    rows = [Session.objects.select_related("page").get(pk=session.pk) for _ in range(4)]
    for number, row in enumerate(rows):
        row.place = f"Salle {number}"
    version = session.version
    acts = [lambda s=s: scheduling.save_session(s, by=None, version=version) for s in rows]
    results = at_once(*acts)
    assert [type(r) for r in results].count(scheduling.EditConflict) == 3


def test_one_connection_holds_five_seats_whatever_comes_at_once(monkeypatch):
    monkeypatch.setattr(registrants, "SOURCE_AN_HOUR", 100)
    session = factories.session(capacity=50)
    acts = [
        lambda n=n: registration.register(
            session, name="Ana", email=f"a{n}@example.org", source="192.0.2.1"
        )
        for n in range(20)
    ]
    results = at_once(*acts)
    assert faults(results) == []
    assert sum(bool(row.held_until) for row in results) == 5


def test_series_in_any_order_never_wait_for_one_another_for_ever():
    sessions = [factories.session(capacity=3) for _ in range(4)]
    crowd = [factories.member() for _ in range(12)]
    orders = [random.sample(sessions, 4) for _ in crowd]
    acts = [
        lambda p=p, o=o: registration.register_all(o, member=p)
        for p, o in zip(crowd, orders, strict=True)
    ]
    assert faults(at_once(*acts)) == []
    for session in sessions:
        assert (count(session, State.CONFIRMED), count(session, State.WAITING)) == (3, 9)
    seated = [set(s.registrations.confirmed().values_list("member", flat=True)) for s in sessions]
    assert seated.count(seated[0]) == 4


class Crowd:
    """Somebody does any of what can be done, again and again, about one session."""

    def __init__(self, session):
        self.session = session
        self.members = [factories.member(f"member-{n}@example.org") for n in range(20)]
        self.capacities = [session.capacity]

    def act(self, chance: random.Random) -> None:
        acts = [self.register] * 5 + [self.cancel] * 5 + [self.visit] * 3
        acts += [self.confirm] * 3 + [self.resize, self.promote, waiting_list.release_due]
        action = chance.choice(acts)
        action(chance) if action != waiting_list.release_due else action()

    def register(self, chance):
        registration.register(self.session, member=chance.choice(self.members))

    def visit(self, chance):
        email = f"visitor-{chance.randrange(15)}@example.org"
        registration.register(self.session, name="Ana", email=email)

    def cancel(self, chance):
        registration.cancel(self._one(chance))

    def confirm(self, chance):
        registration.confirm(emails.confirmation_key([self._one(chance)]))

    def promote(self, chance):
        waiting_list.promote_next(self.session)

    def resize(self, chance):
        self.capacities.append(chance.randint(3, 8))
        waiting_list.set_capacity(self.session, self.capacities[-1], by=None)

    def _one(self, chance) -> Registration:
        found = list(self.session.registrations.all())
        if not found:
            raise Refused("Personne.")
        return chance.choice(found)


def test_a_thousand_acts_of_eight_people(monkeypatch):
    monkeypatch.setattr(registrants, "ADDRESS_A_DAY", 10_000)
    session = factories.session(capacity=5)
    crowd = Crowd(session)

    def someone(seed):
        chance, refused = random.Random(seed), 0
        for _ in range(125):
            try:
                crowd.act(chance)
            except Refused:
                refused += 1
        return refused

    results = at_once(*(lambda s=seed: someone(s) for seed in range(8)))
    assert faults(results) == []
    session.refresh_from_db()
    seats = waiting_list.seats_of([session])[session.pk]
    assert seats.taken <= max(crowd.capacities)
    assert seats.free == 0 or seats.waiting == 0
    check_emails(session)
