"""Signing up, exactly: with an account at once, without one by a link; once a person, in order."""

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import PageViewRestriction

from commons.agenda import emails, registrants, registration, waiting_list
from commons.agenda.models import Registration, SignUp, State, Status
from commons.members.accounts import confirm_address
from commons.members.delivery import deliver_due
from commons.refused import Refused
from tests import factories
from tests.agenda.sign_ups import HOUR, confirmed, fill, later, recipients, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def member():
    return factories.member(display_name="Léa")


@pytest.fixture
def session():
    return factories.session(capacity=2)


class TestWithAnAccount:
    def test_a_free_seat_is_theirs_at_once(self, session, member):
        found = registration.register(session, member=member)
        assert (found.state, found.member, found.name) == (State.CONFIRMED, member, "Léa")
        assert recipients() == [member.email]

    def test_without_limit_there_is_always_a_seat(self, member):
        session = factories.session(capacity=None)
        fill(session, 3)
        assert registration.register(session, member=member).state == State.CONFIRMED

    def test_when_full_they_wait_last(self, session, member):
        fill(session)
        first = factories.registration(session, state=State.WAITING)
        found = registration.register(session, member=member)
        assert found.state == State.WAITING
        assert waiting_list.positions(session) == {first.pk: 1, found.pk: 2}
        assert recipients() == [member.email]

    def test_a_free_seat_goes_to_the_list_before_a_newcomer(self, session, member):
        fill(session, 1)
        factories.registration(session, state=State.WAITING)
        assert registration.register(session, member=member).state == State.WAITING

    def test_twice_shows_the_first(self, session, member):
        first = registration.register(session, member=member, answers=["x"])
        assert registration.register(session, member=member, name="Autre") == first
        first.refresh_from_db()
        assert (first.name, Registration.objects.count()) == ("Léa", 1)
        assert recipients() == [member.email]

    def test_twice_shows_the_first_also_after_the_deadline(self, session, member):
        first = registration.register(session, member=member)
        session.sign_up_closes_at = timezone.now() - HOUR
        session.save()
        assert registration.register(session, member=member) == first

    def test_what_was_made_without_account_becomes_theirs(self, session, member):
        first = confirmed(session, member.email.upper())
        assert registration.register(session, member=member) == first
        first.refresh_from_db()
        assert (first.member, Registration.objects.count()) == (member, 1)

    def test_a_seat_held_for_their_address_is_the_one_they_take(self, session, member):
        fill(session, 1)
        held = visitor(session, member.email)
        found = registration.register(session, member=member)
        assert (found, found.state, found.held_until) == (held, State.CONFIRMED, None)

    def test_a_changed_address_makes_no_second_registration(self, session, member):
        first = registration.register(session, member=member)
        member.email = "nouvelle@example.org"
        member.save()
        confirm_address(member)
        assert registration.register(session, member=member) == first
        assert Registration.objects.count() == 1


class TestWithoutAccount:
    def test_a_seat_is_held_for_a_day_until_the_mail_is_answered(self, session):
        found = visitor(session, " Ana@Example.ORG ")
        assert (found.email, found.state) == ("ana@example.org", State.PENDING)
        assert found.held_until - timezone.now() > 23 * HOUR
        assert recipients() == ["ana@example.org"]
        fill(session, 1)
        assert visitor(session, "bob@example.org").held_until is None

    def test_one_connection_holds_five_seats_and_the_others_may_still_sign_up(self):
        session = factories.session(capacity=9)
        rows = [visitor(session, f"a{n}@example.org", source="192.0.2.1") for n in range(7)]
        assert [bool(row.held_until) for row in rows] == [True] * 5 + [False] * 2
        assert visitor(session, "b@example.org", source="192.0.2.2").held_until
        registration.confirm(emails.confirmation_key(rows[:1]))
        assert visitor(session, "c@example.org", source="192.0.2.1").held_until
        (late,) = registration.confirm(emails.confirmation_key(rows[6:]))
        assert late.state == State.CONFIRMED
        other = factories.session(capacity=9)
        assert visitor(other, "a0@example.org", source="192.0.2.1").held_until

    def test_the_network_address_is_not_kept(self, session):
        found = visitor(session, source="192.0.2.1")
        assert found.source
        assert "192" not in found.source
        assert registration.confirm(emails.confirmation_key([found]))[0].source == ""

    def test_no_seat_is_held_beyond_the_start(self):
        session = factories.session(in_days=0.5)
        assert visitor(session).held_until == session.starts_at

    def test_confirming_takes_the_seat(self, session):
        found = confirmed(session)
        assert (found.state, found.held_until) == (State.CONFIRMED, None)
        assert recipients() == ["ana@example.org"] * 2

    def test_confirming_twice_changes_nothing(self, session):
        key = emails.confirmation_key([visitor(session)])
        first = registration.confirm(key)
        assert registration.confirm(key) == first
        assert len(mail.outbox) == 2

    def test_the_held_seat_is_theirs_even_when_others_came(self, session):
        key = emails.confirmation_key([visitor(session)])
        fill(session, 1)
        factories.registration(session, state=State.WAITING)
        assert registration.confirm(key)[0].state == State.CONFIRMED

    def test_confirming_when_full_is_waiting(self, session):
        fill(session)
        found = confirmed(session)
        assert (found.state, waiting_list.position(found)) == (State.WAITING, 1)

    def test_confirming_too_late_is_refused(self, session):
        key = emails.confirmation_key([visitor(session)])
        with later(hours=24, minutes=1), pytest.raises(Refused, match="délai de 24 heures"):
            registration.confirm(key)
        assert Registration.objects.get().state != State.CONFIRMED

    def test_confirming_what_was_cancelled_is_refused(self, session):
        found = visitor(session)
        registration.cancel(found)
        with pytest.raises(Refused, match="a été annulée"):
            registration.confirm(emails.confirmation_key([found]))

    def test_a_link_of_another_purpose_is_refused(self, session):
        found = visitor(session)
        for key in ("", "x", found.token, emails.confirmation_key([found]) + "x"):
            with pytest.raises(Refused, match="n’est pas valable"):
                registration.confirm(key)

    def test_the_deadline_ends_the_wait_for_a_place_but_not_the_held_seat(self, session):
        held = emails.confirmation_key([visitor(session)])
        fill(session, 1)
        would_wait = emails.confirmation_key([visitor(session, "bob@example.org")])
        session.sign_up_closes_at = timezone.now()
        session.save()
        assert registration.confirm(held)[0].state == State.CONFIRMED
        with pytest.raises(Refused, match="closes"):
            registration.confirm(would_wait)

    def test_any_letter_case_is_one_person(self, session):
        first = visitor(session)
        assert visitor(session, "ANA@EXAMPLE.ORG") == first

    def test_again_before_confirming_writes_again_but_not_at_once(self, session):
        first = visitor(session)
        assert visitor(session) == first
        assert len(mail.outbox) == 1
        with later(minutes=2):
            again = visitor(session)
        assert (again.held_until, len(mail.outbox)) == (first.held_until, 2)

    def test_again_after_the_day_passed_begins_anew(self, session):
        first = visitor(session)
        with later(hours=25):
            again = visitor(session)
            assert (again, again.state) == (first, State.PENDING)
            assert again.held_until > timezone.now() + 23 * HOUR
        assert len(mail.outbox) == 2

    @pytest.mark.parametrize("state", [State.CONFIRMED, State.WAITING])
    def test_a_registered_address_hears_it_by_mail_alone(self, session, state):
        known = factories.registration(session, email="ana@example.org", state=state)
        with later(minutes=2):
            found = visitor(session)
        assert (found, found.state) == (known, state)
        assert recipients() == ["ana@example.org"]

    def test_a_members_address_is_linked_only_once_confirmed(self, session, member):
        found = visitor(session, member.email)
        assert (found.state, found.member) == (State.PENDING, None)
        registration.confirm(emails.confirmation_key([found]))
        assert list(Registration.objects.by(member)) == [found]


class TestWhatIsTyped:
    def test_a_name_is_one_clean_line(self, session):
        typed = "Ana\r\nBcc: x\x00\u202e " + "a" * 100
        found = registration.register(session, name=typed, email="ana@example.org")
        assert found.name == ("Ana Bcc: x " + "a" * 100)[:80]

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"name": " \x0b "}, "un nom"),
            ({"name": "Gagnez https://x.example"}, "sans adresse de site"),
            ({"name": "evil.com cliquez"}, "sans adresse de site"),
            ({"email": "ana"}, "e-mail valable"),
            ({"email": ""}, "e-mail valable"),
            ({"email": "ana@example.org\nBcc: bob@example.org"}, "e-mail valable"),
            ({"email": "a" * 250 + "@example.org"}, "e-mail valable"),
        ],
    )
    def test_what_cannot_be_is_refused(self, session, fields, sentence):
        with pytest.raises(Refused, match=sentence):
            registration.register(session, **{"name": "Ana", "email": "ana@example.org"} | fields)
        assert (Registration.objects.count(), mail.outbox) == (0, [])

    def test_answers_are_as_many_as_the_questions(self):
        session = factories.session(questions="Un régime ?\n\nUne voiture ?")
        found = visitor(session, answers=["sans\x00 gluten", "oui" + "x" * 900, "de trop"])
        assert (found.answers[0], len(found.answers[1]), len(found.answers)) == (
            "sans gluten",
            500,
            2,
        )

    def test_an_unknown_language_is_french(self, session):
        assert visitor(session, language="zz").language == "fr"


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"status": Status.CANCELLED}, "est annulée"),
            ({"status": Status.POSTPONED}, "est reportée"),
            ({"sign_up": SignUp.NONE}, "sans inscription"),
            ({"sign_up": SignUp.ELSEWHERE}, "un autre site"),
            ({"sign_up_opens_at": timezone.now() + HOUR}, "pas encore ouvertes"),
            ({"sign_up_closes_at": timezone.now() - HOUR}, "sont closes"),
            ({"in_days": -1, "hours": 48}, "a déjà commencé"),
            ({"in_days": -2}, "est terminée"),
        ],
    )
    def test_each_has_its_own_sentence(self, member, fields, sentence):
        session = factories.session(**fields)
        with pytest.raises(Refused, match=sentence):
            registration.register(session, member=member)
        with pytest.raises(Refused, match=sentence):
            visitor(session)
        assert Registration.objects.count() == 0

    def test_a_replay_is_shown_instead(self, member):
        session = factories.session(in_days=-2, replay=factories.article().page_ptr)
        with pytest.raises(Refused, match="rediffusion"):
            registration.register(session, member=member)

    def test_a_page_that_is_not_public(self, session, member):
        restriction = PageViewRestriction.objects.create(
            page=session.page, restriction_type=PageViewRestriction.LOGIN
        )
        with pytest.raises(Refused, match="pas publiée"):
            visitor(session)
        assert registration.register(session, member=member).state == State.CONFIRMED
        restriction.delete()
        session.page.specific.unpublish()
        with pytest.raises(Refused, match="pas publiée"):
            registration.register(session, member=factories.member())

    def test_a_session_that_is_gone(self, session, member):
        session_of_before = type(session).objects.get()
        session.delete()
        with pytest.raises(Refused, match="n’existe plus"):
            registration.register(session_of_before, member=member)

    def test_too_many_from_one_network_address(self):
        session = factories.session()
        for number in range(registrants.SOURCE_AN_HOUR):
            visitor(session, f"p{number}@example.org", source="192.0.2.1")
        with pytest.raises(Refused, match="dans une heure"):
            visitor(session, "de-trop@example.org", source="192.0.2.1")
        visitor(session, "ailleurs@example.org", source="192.0.2.2")

    def test_too_many_for_one_e_mail_address(self):
        sessions = [factories.session() for _ in range(registrants.ADDRESS_A_DAY + 1)]
        for number, session in enumerate(sessions[:-1]):
            visitor(session, source=f"192.0.2.{number}")
        with pytest.raises(Refused, match="réessayez demain"):
            visitor(sessions[-1], "ANA@example.org")
        assert len(mail.outbox) == registrants.ADDRESS_A_DAY

    def test_a_series_counts_once(self):
        series = [factories.session() for _ in range(registrants.ADDRESS_A_DAY + 1)]
        found = registration.register_all(series, name="Ana", email="ana@example.org")
        assert len(found) == len(series)

    def test_a_member_who_comes_and_goes_for_ever(self, session, member):
        for _ in range(registration.MOST_CHANGES // 2):
            registration.cancel(registration.register(session, member=member))
        registration.cancel(registration.register(session, member=member))
        with pytest.raises(Refused, match="trop souvent"):
            registration.register(session, member=member)


class TestSeries:
    def test_one_sign_up_is_one_email(self, member):
        sessions = [factories.session(in_days=day, capacity=1) for day in (3, 1, 2)]
        fill(sessions[1])
        found = registration.register_all(sessions, member=member)
        assert [r.session for r in found] == sessions
        assert [r.state for r in found] == [State.CONFIRMED, State.WAITING, State.CONFIRMED]
        assert recipients() == [member.email]

    def test_one_confirmation_confirms_all(self):
        sessions = [factories.session(), factories.session()]
        found = registration.register_all(sessions, name="Ana", email="ana@example.org")
        done = registration.confirm(emails.confirmation_key(found))
        assert [r.state for r in done] == [State.CONFIRMED, State.CONFIRMED]
        assert recipients() == ["ana@example.org"] * 2

    def test_what_has_begun_is_left_out(self, member):
        past, coming = factories.session(in_days=-3), factories.session()
        (found,) = registration.register_all([past, coming], member=member)
        assert found.session == coming
        with pytest.raises(Refused, match="est terminée"):
            registration.register_all([past], member=member)


@pytest.mark.django_db(transaction=True)
def test_no_crowd_of_members_waits_for_the_mail_server(settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    session = factories.session()
    member = factories.member()
    registration.register(session, member=member)
    visitor(session)
    assert recipients() == ["ana@example.org"]
    deliver_due()
    assert recipients() == ["ana@example.org", member.email]
