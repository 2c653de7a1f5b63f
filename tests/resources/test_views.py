"""Citations are downloads of pages that the reader may see, and no others."""

import json
import re

import pytest
from wagtail.models import PageViewRestriction

from tests import factories


@pytest.mark.parametrize(
    ("name", "start"),
    [("text", "Le Commun"), ("bibtex", "@online{"), ("ris", "TY  - ELEC")],
)
def test_cite_downloads_each_format(client, library, name, start):
    page = factories.article(slug="la-page")
    answer = client.get(f"{page.url}citer/", {"format": name})
    assert answer.content.decode().startswith(start)
    assert answer["Content-Disposition"].startswith('attachment; filename="la-page.')


@pytest.mark.parametrize("name", ["", "xxx", "\x00", "a" * 100_000])
def test_cite_shows_a_page_for_any_other_format(client, library, name):
    page = factories.article(title="La <page>")
    answer = client.get(f"{page.url}citer/", {"format": name})
    assert "La &lt;page&gt;" in answer.content.decode()


def test_cite_hides_drafts_restricted_pages_and_what_is_no_resource(client, library):
    draft = factories.article(live=False, slug="brouillon")
    hidden = factories.article(slug="reserve")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    for path in (draft.slug, hidden.slug, "inconnu"):
        assert client.get(f"/fr/se-documenter/{path}/citer/").status_code == 404
    assert client.get("/fr/se-documenter/citer/").status_code == 404


def test_resource_page_carries_data_that_no_title_can_break(client, library):
    page = factories.article(title="</script><script>alert(1)</script> & \u2028")
    html = client.get(page.url).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(block)["name"] == "</script><script>alert(1)</script> &"
    assert "<script>alert" not in html
    assert f'<meta property="og:url" content="{page.full_url}">' in html
