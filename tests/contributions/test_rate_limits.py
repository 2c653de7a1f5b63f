"""How much one may send, and what one hears beyond."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from commons import settings as site_settings
from commons.contributions import drafting, rate_limits, submission
from commons.contributions.models import Contribution, State, Use
from commons.refused import Refused
from tests import factories
from tests.contributions.form_data import data, drafted, submitted, visitor

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

    for number in range(rate_limits.ANONYMOUS_DRAFTS_AN_HOUR):
        begin(number)
    with pytest.raises(Refused, match="trop de brouillons"):
        begin("more")
    assert Contribution.objects.count() == rate_limits.ANONYMOUS_DRAFTS_AN_HOUR
    begin(0)


def test_untouched_drafts_are_cleared(member):
    old, recent, sent = drafted(member), drafted(member), submitted(member)
    Contribution.objects.exclude(pk=recent.pk).update(updated_at="2026-01-01T00:00Z")
    assert drafting.clear_drafts(dry_run=True) == 1
    assert drafting.clear_drafts() == 1
    assert set(Contribution.objects.all()) == {recent, sent}
    assert old not in Contribution.objects.all()


def consume(source="192.0.2.1", at_most=2):
    rate_limits.consume("send", source, at_most=at_most, seconds=3600)


def minutes_later(count):
    return time_machine.travel(timezone.now() + datetime.timedelta(minutes=count), tick=False)


def test_a_limit_lasts_from_the_first_use_and_then_starts_anew(db):
    consume()
    with minutes_later(20):
        consume()
    with minutes_later(59), pytest.raises(Refused):
        consume()
    with minutes_later(61):
        consume()


def test_a_full_or_empty_cache_forgets_no_limit(db):
    consume(at_most=1)
    cache.clear()
    with pytest.raises(Refused):
        consume(at_most=1)


def test_one_connection_counts_once_whatever_address_of_its_network_it_takes(db):
    for source in ("2001:db8::1", "2001:DB8:0:0:ffff::2"):
        consume(source)
    with pytest.raises(Refused):
        consume("2001:db8::3")
    consume("2001:db8:0:1::3")


def test_no_address_is_kept_and_what_counts_no_more_is_deleted(db):
    consume("ana@example.org")
    assert "ana" not in str(Use.objects.values_list())
    assert rate_limits.delete_expired() == 0
    with minutes_later(61):
        assert rate_limits.delete_expired(dry_run=True) == 1
        assert rate_limits.delete_expired() == 1


def test_what_serves_once_serves_again_for_the_same(db):
    for mark, expected in (("a", True), ("b", False), ("a", True)):
        assert rate_limits.claim("ticket", "t", mark=mark, seconds=60) is expected
    assert rate_limits.is_claimed("ticket", "t")
    with minutes_later(2):
        assert not rate_limits.is_claimed("ticket", "t")
        assert rate_limits.claim("ticket", "t", mark="b", seconds=60)


def test_the_cache_holds_more_than_an_attack_writes():
    assert site_settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


@pytest.mark.parametrize(
    "name",
    [
        *("evil.com cliquez", "Gagnez sur EVIL.Com", "voir evil.fr/x", "evil．com", "evil。com"),
        *(
            "bit.ly",
            "www.x",
            "http://x",
            "192.0.2.1",
            "a@evil.example",
            "sous.evil-site.shop",
            "x.com",
        ),
        "Cliquez (evil.info)",
    ],
)
def test_a_name_that_leads_somewhere_is_seen(name):
    assert rate_limits.looks_like_a_link(name)


@pytest.mark.parametrize(
    "name",
    [
        *("J.-P. Durand", "St.Pierre", "M.de Villiers", "Dr.Martin", "A.B.C.", "Mme. Le Goff"),
        *("Anne.Laure Petit", "Jean M. Dupont jr.", "Élise O’Connor", "Ferme n.2", "J.P.Martin"),
    ],
)
def test_a_name_with_dots_is_a_name(name):
    assert not rate_limits.looks_like_a_link(name)


def test_visitor_gives_a_name_alone(db):
    by = drafting.Visitor(name="evil.com cliquez", email="ana@example.org")
    with pytest.raises(Refused, match="nom seul"):
        submission.submit(drafted(by), by=by)
