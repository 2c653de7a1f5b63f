"""What a contribution forgets when its author is erased."""

import datetime

import pytest
from django.utils import timezone
from wagtail.models import Page

from commons.contributions.erasure import REFUSED_KEPT, delete_refused
from commons.contributions.models import Contribution, State
from commons.members.erasure import erase
from tests import factories
from tests.contributions.form_data import act, drafted, submitted, visitor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("made", [drafted, submitted])
def test_erasing_its_author_empties_a_contribution(library, made):
    member = factories.member()
    made(member)
    erase(member)
    found = Contribution.objects.get()
    assert (found.author, found.email, found.name, found.data) == (None, "", "", {})


def test_erasing_a_member_empties_what_they_sent_before_having_an_account(library):
    member = factories.member("ana@example.org")
    drafted(visitor(member.email))
    others = drafted(visitor("bea@example.org"))
    erase(member)
    found = Contribution.objects.exclude(pk=others.pk).get()
    assert (found.email, found.name, found.data) == ("", "", {})
    others.refresh_from_db()
    assert others.name == "Ana Petit"


def test_what_was_refused_is_forgotten_after_a_year(library):
    moderator = factories.member(groups=["Modération"])
    for title in ("Ancienne", "Récente"):
        act(submitted(factories.member(), title=title), "refuse", by=moderator, comment="Non.")
    accepted = submitted(factories.member(), title="Acceptée")
    act(accepted, "accept", by=moderator)
    long_ago = timezone.now() - REFUSED_KEPT - datetime.timedelta(days=1)
    old = Contribution.objects.exclude(page__title="Récente")
    old.update(decided_at=long_ago)
    assert delete_refused(dry_run=True) == 1
    assert delete_refused() == 1
    assert delete_refused() == 0
    assert Contribution.objects.filter(state=State.REFUSED).get().title == "Récente"
    assert not Page.objects.filter(title="Ancienne").exists()
    assert Page.objects.filter(title="Acceptée", live=True).exists()
