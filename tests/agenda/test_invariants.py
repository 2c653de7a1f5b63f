"""Any acts in any order: seats, list and emails stay what a plain model of them says."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commons.agenda import emails, registration, waiting_list
from commons.agenda.availability import seats_of
from commons.agenda.models import State
from commons.contributions.models import Use
from commons.refused import Refused
from tests import factories
from tests.agenda.sent_emails import check_emails

PEOPLE = [f"member-{number}@example.org" for number in range(6)]
VISITORS = [f"visitor-{number}@example.org" for number in range(4)]


class SignUp(RuleBasedStateMachine):
    """`seated` (held seats too), `queue` and `unheld` are what should be."""

    def __init__(self):
        super().__init__()
        self.capacity = 2
        self.session = factories.session(capacity=2)
        self.seated, self.queue, self.pending = set(), [], {}

    def free(self):
        return self.capacity - len(self.seated) > 0 and not self.queue

    def serve(self):
        while self.queue and self.capacity > len(self.seated):
            self.seated.add(self.queue.pop(0))

    @rule(email=st.sampled_from(PEOPLE))
    def member_registers(self, email):
        member = factories.Member.objects.filter(email=email).first() or factories.member(email)
        Use.objects.all().delete()
        registration.register(self.session, member=member)
        if email not in {*self.seated, *self.queue}:
            self.seated.add(email) if self.free() else self.queue.append(email)

    @rule(email=st.sampled_from(VISITORS))
    def visitor_registers(self, email):
        Use.objects.all().delete()
        found = registration.register(self.session, name="Ana", email=email)
        if email not in {*self.seated, *self.queue, *self.pending}:
            if self.free():
                self.seated.add(email)
            self.pending[email] = found

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def visitor_confirms(self, data):
        email = data.draw(st.sampled_from(sorted(self.pending)))
        key = emails.confirmation_key([self.pending.pop(email)])
        for _ in range(2):
            registration.confirm(key)
        if email not in self.seated:
            self.seated.add(email) if self.free() else self.queue.append(email)

    @precondition(lambda self: self.seated or self.queue or self.pending)
    @rule(data=st.data())
    def somebody_leaves(self, data):
        known = sorted({*self.seated, *self.queue, *self.pending})
        email = data.draw(st.sampled_from(known))
        for _ in range(2):
            registration.cancel(self.session.registrations.get(email=email))
        self.seated.discard(email)
        self.pending.pop(email, None)
        self.queue = [other for other in self.queue if other != email]
        self.serve()

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def a_day_passes_for_one(self, data):
        email = data.draw(st.sampled_from(sorted(self.pending)))
        row = self.session.registrations.filter(email=email)
        row.update(held_until="2026-01-01T00:00Z")
        waiting_list.release_due()
        del self.pending[email]
        self.seated.discard(email)
        self.serve()

    @rule(capacity=st.integers(1, 5))
    def the_capacity_changes(self, capacity):
        waiting_list.set_capacity(self.session, capacity, by=None)
        self.capacity = capacity
        self.serve()

    @rule(email=st.sampled_from(VISITORS), over=st.booleans())
    def an_organiser_adds(self, email, over):
        row = self.session.registrations.filter(email=email, state=State.CONFIRMED)
        allowed = over or row.exists() or self.free() or email in self.seated
        try:
            registration.add_by_organiser(self.session, by=None, name="Ana", email=email, over=over)
        except Refused:
            assert not allowed
            return
        assert allowed
        self.pending.pop(email, None)
        self.queue = [other for other in self.queue if other != email]
        self.seated.add(email)

    @invariant()
    def all_is_as_it_should_be(self):
        self.session.refresh_from_db()
        seats = seats_of([self.session])[self.session.pk]
        assert (seats.taken, seats.waiting) == (len(self.seated), len(self.queue))
        assert [row.email for row in self.session.registrations.waiting()] == self.queue
        confirmed = self.session.registrations.confirmed().values_list("email", flat=True)
        assert set(confirmed) == self.seated - set(self.pending)
        check_emails(self.session)


@pytest.mark.django_db
def test_whatever_people_do(site, real_outbox):
    run_state_machine_as_test(
        SignUp,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.fixture
def real_outbox(settings):
    """Emails are stored as on a real site: their rows tell the story that `check` reads."""
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
