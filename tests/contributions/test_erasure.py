"""What a contribution forgets when its author is erased."""

import pytest

from commons.contributions.models import Contribution
from commons.members.erasure import erase
from tests import factories
from tests.contributions.typed import drafted, submitted, visitor

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
