"""Who organises: who proposed the page and who may edit it; what they do for people who phoned."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.utils import timezone
from wagtail.models import PageLogEntry

from commons.agenda import attendance, permissions, registration
from commons.agenda.broadcasts import send_message
from commons.agenda.models import Message, Registration, Session, State, Status
from commons.agenda.permissions import may_organise, sessions_organised_by
from commons.refused import Refused
from tests import factories
from tests.agenda.sign_ups import HOUR, fill, later, recipients, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def owner():
    return factories.member()


@pytest.fixture
def session(owner):
    return factories.session(factories.training(owner=owner), capacity=1)


def add(session, owner, email="Bob@example.org", **fields) -> Registration:
    return registration.add_by_organiser(session, by=owner, name="Bob", email=email, **fields)


def test_owner_and_editors_organise_and_nobody_else(session, owner):
    editor, other = factories.member(is_superuser=True), factories.member()
    gone = factories.member(is_active=False)
    session.page.owner = owner
    for user, expected in ((owner, 1), (editor, 1), (other, 0), (gone, 0), (AnonymousUser(), 0)):
        assert may_organise(user, session.page) is bool(expected)
        assert sessions_organised_by(user).count() == expected


class TestAdding:
    def test_who_phoned_has_a_seat_at_once_and_is_told(self, session, owner):
        found = add(session, owner)
        assert (found.state, found.email, found.added_by_organiser) == (
            State.CONFIRMED,
            "bob@example.org",
            True,
        )
        assert add(session, owner) == found
        assert recipients() == ["bob@example.org"]
        assert PageLogEntry.objects.filter(action="agenda.add_person").count() == 1

    def test_when_full_only_if_they_insist(self, session, owner):
        fill(session)
        with pytest.raises(Refused, match="complète"):
            add(session, owner)
        assert add(session, owner, over=True).state == State.CONFIRMED

    def test_a_free_seat_is_of_the_list(self, session, owner):
        factories.registration(session, state=State.WAITING)
        with pytest.raises(Refused, match="complète"):
            add(session, owner)

    def test_when_full_the_list_is_open_to_who_phoned(self, session, owner):
        fill(session)
        found = add(session, owner, wait=True)
        assert found.state == State.WAITING
        assert add(session, owner, wait=True) == found
        assert [message.subject[:31] for message in mail.outbox] == [
            "Vous êtes sur la liste d’attent"
        ]

    def test_a_list_that_stands_still_is_closed(self, session, owner):
        fill(session)
        Session.objects.update(sign_up_closes_at=timezone.now() - HOUR)
        with pytest.raises(Refused, match="n’avance plus"):
            add(session, owner, wait=True)

    def test_a_free_seat_is_better_than_the_list(self, session, owner):
        assert add(session, owner, wait=True).state == State.CONFIRMED

    def test_who_waits_already_is_said_with_their_place(self, session, owner):
        fill(session)
        factories.registration(session, state=State.WAITING)
        factories.registration(session, state=State.WAITING, email="bob@example.org")
        with pytest.raises(Refused, match="déjà sur la liste d’attente, en position 2"):
            add(session, owner)
        assert add(session, owner, over=True).state == State.CONFIRMED

    @pytest.mark.parametrize("name", ["", "Bob https://a.example"])
    def test_sentences_are_for_who_organises(self, session, owner, name):
        with pytest.raises(Refused) as refused:
            registration.add_by_organiser(session, by=owner, name=name, email="b@example.org")
        assert "votre" not in refused.value.message.lower()

    def test_who_waits_or_has_not_confirmed_is_let_in(self, session, owner):
        held = visitor(session, "bob@example.org")
        assert add(session, owner) == held
        waits = factories.registration(session, state=State.WAITING, email="eva@example.org")
        assert add(session, owner, "eva@example.org", over=True) == waits

    def test_after_the_deadline_and_after_the_end_too(self, session, owner):
        session.sign_up_closes_at = timezone.now() - HOUR
        session.save()
        add(session, owner)
        with later(days=9):
            add(session, owner, "eva@example.org", over=True)
        assert recipients() == ["bob@example.org"]

    def test_not_to_what_is_called_off(self, session, owner):
        session.status = Status.CANCELLED
        session.save()
        with pytest.raises(Refused, match="annulée"):
            add(session, owner)

    def test_not_before_the_page_is_published(self, owner):
        proposed = factories.session(factories.training(owner=owner, live=False))
        with pytest.raises(Refused, match="pas publiée"):
            add(proposed, owner)
        assert (Registration.objects.count(), mail.outbox) == (0, [])

    def test_fifty_a_day_unless_one_is_an_editor(self, owner, monkeypatch):
        monkeypatch.setattr(permissions, "ADDED_A_DAY", 2)
        first, second = (factories.session(factories.training(owner=owner)) for _ in range(2))
        add(first, owner)
        add(first, owner)  # the same person is counted once
        add(second, owner)
        with pytest.raises(Refused, match="continuez demain"):
            add(second, owner, "eva@example.org")
        add(second, factories.member(is_superuser=True), "eva@example.org")
        with later(days=1, minutes=1):
            add(second, owner, "zoe@example.org")
        assert len(recipients()) == 4

    def test_not_by_somebody_else(self, session):
        with pytest.raises(Refused, match="organisent"):
            add(session, factories.member())
        assert Registration.objects.count() == 0


class TestRemoving:
    def test_it_is_told_and_noted_without_an_address(self, session, owner):
        (guest,) = fill(session)
        registration.cancel(guest, by=owner)
        assert recipients() == [guest.email]
        assert "vous a retiré·e" in mail.outbox[0].body
        assert "METHOD:CANCEL" in mail.outbox[0].attachments[0][1]
        entry = PageLogEntry.objects.get(action="agenda.remove_person")
        assert entry.data == {"session": session.pk, "registration": guest.pk}


class TestAttendance:
    def test_present_absent_and_unknown(self, session, owner):
        rows = fill(session, 3)
        stranger = factories.registration(factories.session())
        waits = factories.registration(session, state=State.WAITING)
        with later(days=8):
            for present, absent in (
                ([rows[0].pk], [rows[1].pk]),
                ([rows[1].pk, stranger.pk, waits.pk, -1], [rows[1].pk, rows[2].pk]),
            ):
                attendance.mark_attendance(session, by=owner, present=present, absent=absent)
        found = [Registration.objects.get(pk=row.pk).attended for row in (*rows, stranger, waits)]
        assert found == [True, True, False, None, None]
        assert mail.outbox == []

    def test_two_who_note_at_once_undo_nothing_of_one_another(self, session, owner):
        mine, theirs = fill(session, 2)
        with later(days=8):
            attendance.mark_attendance(session, by=owner, present=[mine.pk])
            attendance.mark_attendance(session, by=owner, absent=[theirs.pk])
            attendance.mark_attendance(session, by=owner, unknown=[mine.pk])
        noted = dict(session.registrations.values_list("pk", "attended"))
        assert noted == {mine.pk: None, theirs.pk: False}

    def test_not_before_the_start_nor_by_somebody_else(self, session, owner):
        with pytest.raises(Refused, match="à partir du début"):
            attendance.mark_attendance(session, by=owner, present=[], absent=[])
        with pytest.raises(Refused, match="organisent"):
            attendance.mark_attendance(session, by=factories.member(), present=[], absent=[])


class TestWriting:
    def test_not_about_a_page_that_nobody_has_accepted(self, owner):
        session = factories.session(factories.training(owner=owner, live=False))
        factories.registration(session)
        message = Message(audience="all", subject="Bonjour", text="Achetez.", token="t")
        with pytest.raises(Refused, match="pas publiée"):
            send_message(session, message, by=owner)
        assert (Message.objects.count(), mail.outbox) == (0, [])
