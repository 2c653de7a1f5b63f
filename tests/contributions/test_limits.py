"""How much one may send, and what one hears beyond."""

import pytest

from commons.contributions import drafting, limits, submission
from commons.contributions.models import Contribution, State
from commons.refused import Refused
from tests import factories
from tests.contributions.typed import data, drafted, submitted, visitor

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def member(db):
    return factories.member()


def accept(*contributions):
    pks = [contribution.pk for contribution in contributions]
    Contribution.objects.filter(pk__in=pks).update(state=State.ACCEPTED, submitted_at=None)


def test_newcomer_sends_three_a_day(member):
    for _ in range(3):
        submitted(member)
    with pytest.raises(Refused, match="3 contributions aujourd’hui"):
        submitted(member)
    Contribution.objects.update(submitted_at="2026-01-01T00:00Z")
    submitted(member)


def test_after_two_accepted_there_is_no_limit(member):
    accept(submitted(member), submitted(member))
    for _ in range(4):
        submitted(member)


def test_newcomer_gives_three_links_a_text(member):
    text = "\n".join(f"[page](https://exemple.org/{n})" for n in range(4))
    with pytest.raises(Refused, match="3 liens"):
        submitted(member, text=text)
    accept(submitted(member), submitted(member))
    submitted(member, text=text)


def test_visitor_is_counted_by_address(db):
    for _ in range(3):
        by = visitor("ana@example.org")
        submission.confirm(submission.submit(drafted(by), by=by))
    by = visitor("ANA@example.org")
    with pytest.raises(Refused):
        submission.submit(drafted(by), by=by)


def test_network_address_begins_so_many_drafts(db):
    def begin(number):
        by = drafting.Visitor(source="192.0.2.1")
        drafting.save_draft(token=f"t{number}", kind="article", data=data(), language="fr", by=by)

    for number in range(limits.ANONYMOUS_DRAFTS_AN_HOUR):
        begin(number)
    with pytest.raises(Refused, match="Trop d’envois"):
        begin("more")
    assert Contribution.objects.count() == limits.ANONYMOUS_DRAFTS_AN_HOUR
    begin(0)


def test_untouched_drafts_are_cleared(member):
    old, recent, sent = drafted(member), drafted(member), submitted(member)
    Contribution.objects.exclude(pk=recent.pk).update(updated_at="2026-01-01T00:00Z")
    assert drafting.clear_drafts(dry_run=True) == 1
    assert drafting.clear_drafts() == 1
    assert set(Contribution.objects.all()) == {recent, sent}
    assert old not in Contribution.objects.all()
