"""Each consent is dated by itself, and taking it back leaves a trace."""

import pytest

from commons.members.consents import TEXT_VERSIONS, give, withdraw
from commons.members.models import Consent, Purpose
from commons.refused import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return factories.member()


def test_saying_yes_twice_keeps_the_first_date(member):
    assert give(Purpose.CREDIT, member=member) == give(Purpose.CREDIT, member=member)
    assert Consent.objects.count() == 1


def test_saying_no_dates_the_end_and_yes_again_starts_anew(member):
    first = give(Purpose.CREDIT, member=member)
    withdraw(Purpose.CREDIT, member=member)
    withdraw(Purpose.CREDIT, member=member)
    first.refresh_from_db()
    assert first.withdrawn_at
    assert give(Purpose.CREDIT, member=member) != first


def test_new_text_needs_a_new_yes(member, monkeypatch):
    old = give(Purpose.CREDIT, member=member)
    monkeypatch.setitem(TEXT_VERSIONS, Purpose.CREDIT, "2030-01")
    new = give(Purpose.CREDIT, member=member)
    old.refresh_from_db()
    assert (old.withdrawn_at is None, new.text_version) == (False, "2030-01")


def test_charter_ends_with_the_account_only(member):
    with pytest.raises(Refused):
        withdraw(Purpose.CHARTER, member=member)
