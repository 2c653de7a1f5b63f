"""Every chooser of the admin under parameters that no page sends, as each role: never a fault."""

import random
from urllib.parse import urlencode

import pytest

from tests.addresses import every_address
from tests.hostile import GIANT, in_path
from tests.test_hostile_requests import FORM, faults, page, role, sender  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("one_long_day"),
    # Wagtail's own lists, which only warn.
    pytest.mark.filterwarnings("ignore:Pagination may yield:UserWarning"),
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
]
NAMES = [
    *("p", "q", "id", "page_type", "target_pages", "user_perms", "can_choose_root", "locale"),
    *("collection_id", "tag", "ordering", "multiple", "match_subclass", "allow_external_link"),
    *("link_text", "link_url", "parent_page_id", "prefix", "select_format", "url", "email_address"),
    *("phone_number", "subject", "body", "anchor", "content_type", "exclude_root", "_w_filter"),
    *("linked_field", "exclude", "file", "title", "model", "media_type", "vocabulary", "parent"),
]
VALUES = [
    GIANT,
    "-1",
    "0",
    "abc",
    "",
    "\x00",
    "²",
    "٣",
    "1e999",
    "nan",
    "x" * 10_000,
    "../..",
    "1,",
]
VALUES += ["pages.Nothing", "wagtailcore.Page", "auth.User", "[", "{}", "true", "javascript:1"]
MODEL = {"app_label": "resources", "model_name": "article"}
SENT = 60  # a role; 700 each found no fault


def pairs(chance: random.Random) -> str:
    """A query: one word for all names, or several for some, repeated."""
    if chance.random() < 0.3:
        return urlencode(dict.fromkeys(NAMES, chance.choice(VALUES)))
    names = [chance.choice(NAMES) for _ in range(chance.randrange(1, 6))]
    return urlencode([(name, chance.choice(VALUES)) for name in names for _ in range(2)])


def choosers() -> list:
    found = [one for one in every_address() if "choose" in one.form or "chosen" in one.form]
    assert len(found) > 30
    return found


def test_no_chooser_breaks(sender, role, page):  # noqa: F811 - fixtures
    chance, asked = random.Random(f"choosers {role}"), []
    every = choosers()
    for number in range(SENT):
        address = every[number % len(every)]
        value = chance.choice([str(page.pk), str(page.get_parent().pk), GIANT, "abc", "²"])
        path = in_path(address.path(lambda name, v=value: MODEL.get(name, v)))
        query, post = pairs(chance), chance.random() < 0.4
        sent = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM, "body": pairs(chance).encode()}
        asked.append((path, {"query": query, **(sent if post else {})}))
    assert faults(sender, asked) == []
