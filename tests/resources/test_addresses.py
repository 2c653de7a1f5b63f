"""The same address is never in the library twice."""

import pytest
from django.core.exceptions import ValidationError

from commons.resources.addresses import canonical_address
from commons.resources.external_resource import existing_resource
from tests import factories

SAME = [
    "https://exemple.org/guide",
    "http://www.EXEMPLE.org/guide/",
    "https://exemple.org/guide?utm_source=lettre#haut",
    "https://exemple.org:443/guide",
]


@pytest.mark.parametrize("url", SAME)
def test_canonical_address(url):
    assert canonical_address(url) == "exemple.org/guide"


@pytest.mark.parametrize("url", ["", "http://[::1", "x" * 100_000, "\x00", "http://a:99999/"])
def test_a_bad_address_is_like_no_other(library, url):
    factories.external_resource()
    assert existing_resource(url) is None


def test_a_second_page_for_the_same_address_is_refused_with_a_link(library):
    first = factories.external_resource(url=SAME[0], title="Le guide")
    with pytest.raises(ValidationError) as refusal:
        factories.external_resource(url=SAME[1])
    (phrase,) = refusal.value.message_dict["url"]
    assert f'<a href="/admin/pages/{first.pk}/edit/">Le guide</a>' in phrase
    first.full_clean()


def test_a_draft_counts_as_existing(library):
    draft = factories.external_resource(url=SAME[0], live=False)
    assert existing_resource(SAME[2], locale=library.locale) == draft
    assert existing_resource(SAME[2], locale=library.locale, exclude=draft.pk) is None
