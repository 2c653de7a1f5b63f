"""Keys of mails and versions of forms, forged in every way: no act, and never a fault.

Whoever holds a key changed by one sign, of another kind, of somebody else, too old or used already
gets a page that says so.
"""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from commons.agenda import emails as session_emails
from commons.agenda.models import Registration
from commons.agenda.models import State as Seat
from commons.contributions import emails, submission
from commons.contributions.models import Contribution, State
from commons.contributions.moderation import Decision, version_of
from tests import factories
from tests.contributions.form_data import drafted, submitted, visitor
from tests.contributions.test_admin import at, posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
CONFIRM_PROPOSAL = "/fr/se-documenter/proposer/confirmer/{}/"
DRAFT = "/fr/se-documenter/proposer/brouillon/{}/"
CONFIRM_SEAT, SEAT = "/compte/inscription/confirmer/{}/", "/compte/inscription/{}/"


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def unconfirmed():
    by = visitor()
    return submission.submit(drafted(by), by=by)


@pytest.fixture
def seat():
    return factories.registration(factories.session(), state=Seat.PENDING)


def forged(key: str) -> list[str]:
    """`key` with one sign changed, at some twenty places, cut, longer, and what is no key."""
    found = []
    for place in range(0, len(key), max(1, len(key) // 20)):
        sign = "A" if key[place] != "A" else "B"
        found.append(f"{key[:place]}{sign}{key[place + 1 :]}")
    found += [key[:-1], key[1:], key + "A", key[::-1], key.swapcase(), key.replace(":", "", 1)]
    found = [one for one in found if one != key]
    return [*found, "x", ":", "::", "a:b:c", "9" * 30, "é", "%00", "W10:x:y", "x" * 5_000]


def nothing_acted() -> bool:
    """A draft under a token that nobody had is its sender's own."""
    return (
        not Contribution.objects.exclude(state__in=[State.UNCONFIRMED, State.DRAFT]).exists()
        and Contribution.objects.filter(state=State.UNCONFIRMED).count() == 1
        and not Registration.objects.exclude(state=Seat.PENDING).exists()
    )


def test_forged_keys_of_mails_do_nothing(client, unconfirmed, seat):
    proposal, registration = (
        emails.confirmation_key(unconfirmed),
        session_emails.confirmation_key([seat]),
    )
    doors = {
        CONFIRM_PROPOSAL: [*forged(proposal), registration, unconfirmed.token, seat.token],
        CONFIRM_SEAT: [*forged(registration), proposal, unconfirmed.token, seat.token],
        DRAFT: [*forged(unconfirmed.token), proposal, registration, seat.token],
        SEAT: [*forged(seat.token), proposal, registration, unconfirmed.token],
    }
    for door, keys in doors.items():
        for key in keys:
            for answer in (
                client.get(door.format(key)),
                client.post(door.format(key), {"do": "cancel"}),
            ):
                assert answer.status_code < 500, (door, key)
                assert nothing_acted(), (door, key)


def test_keys_that_are_too_old_do_nothing(client, unconfirmed, seat):
    keys = {
        CONFIRM_PROPOSAL: emails.confirmation_key(unconfirmed),
        CONFIRM_SEAT: session_emails.confirmation_key([seat]),
    }
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=4)
    with time_machine.travel(later, tick=False):
        for door, key in keys.items():
            answer = client.post(door.format(key))
            assert 400 <= answer.status_code < 500
            assert "<h1>" in answer.text
    assert nothing_acted()


def test_keys_that_served_do_nothing_more(client, unconfirmed, seat):
    for door, key in (
        (CONFIRM_PROPOSAL, emails.confirmation_key(unconfirmed)),
        (CONFIRM_SEAT, session_emails.confirmation_key([seat])),
    ):
        assert client.post(door.format(key)).status_code in {200, 302}
        before = [list(m.objects.order_by("pk").values()) for m in (Contribution, Registration)]
        assert client.post(door.format(key)).status_code < 500
        after = [list(m.objects.order_by("pk").values()) for m in (Contribution, Registration)]
        assert before == after


@pytest.mark.parametrize("what", Decision)
def test_a_forged_version_decides_nothing(client, what):
    contribution, other = submitted(factories.member()), submitted(factories.member())
    client.force_login(factories.member(groups=["Modération"]))
    form = posted(contribution, what, comment="Un mot.")
    for version in (*forged(form["version"]), version_of(other), "", "\x00", "-1--", "-" * 9):
        answer = client.post(at(contribution), form | {"version": version})
        assert answer.status_code < 500, version
        contribution.refresh_from_db()
        assert contribution.state == State.IN_REVIEW, version
    other.refresh_from_db()
    assert other.state == State.IN_REVIEW


def test_a_proposal_is_not_decided_under_the_number_of_another(client):
    own = factories.member(groups=["Modération"])
    contribution, other = submitted(own), submitted(factories.member())
    client.force_login(own)
    form = posted(other, Decision.ACCEPT)
    assert client.post(at(contribution), form).status_code < 500
    for number in ("0", "9" * 30):
        address = reverse("moderation_decision", args=[1]).replace("/1/", f"/{number}/")
        assert client.post(address, form).status_code == 404
    for each in (contribution, other):
        each.refresh_from_db()
        assert each.state == State.IN_REVIEW
