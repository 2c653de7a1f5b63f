"""Real threads on a real database, and a process killed in the middle: all or nothing, once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from wagtail.models import Page

from commons.contributions import rate_limits, submission
from commons.contributions.models import Contribution, State
from commons.refused import Refused
from commons.resources.models import Article
from tests import factories
from tests.contributions.form_data import drafted
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SOUND = ([], [], [], [], [])


@pytest.fixture(autouse=True)
def _site(transactional_db):
    factories.site()


def test_twenty_contributions_at_once():
    drafts = [drafted(factories.member(), title="Le même titre") for _ in range(20)]
    results = at_once(*(lambda d=draft: submission.submit(d, by=d.author) for draft in drafts))
    assert [r for r in results if isinstance(r, Exception)] == []
    assert Article.objects.count() == 20
    assert len({page.slug for page in Article.objects.all()}) == 20
    assert Page.find_problems() == SOUND


def test_double_click_is_one_page():
    member = factories.member()
    draft = drafted(member)
    at_once(*(lambda: submission.submit(draft, by=member) for _ in range(5)))
    assert Article.objects.count() == 1
    assert Contribution.objects.get().events.count() == 1


def test_newcomers_limit_holds_at_once():
    member = factories.member()
    drafts = [drafted(member) for _ in range(6)]
    at_once(*(lambda d=draft: submission.submit(d, by=member) for draft in drafts))
    assert Article.objects.count() == 3


def test_uses_at_once_are_each_counted():
    acts = [
        lambda: rate_limits.consume("send", "192.0.2.1", at_most=10, seconds=60) for _ in range(24)
    ]
    results = at_once(*acts)
    assert [type(r) for r in results].count(Refused) == 14
    assert results.count(None) == 10


def test_what_serves_once_serves_for_one_of_many_at_once():
    acts = [
        lambda n=n: rate_limits.claim("ticket", "t", mark=f"person-{n}", seconds=60)
        for n in range(12)
    ]
    assert sorted(at_once(*acts)) == [False] * 11 + [True]


KILLED = """
import os, signal, sys
import django
from django.conf import settings
database = settings.DATABASES["default"]
database["NAME"] = sys.argv[1]
django.setup()
from django.db import connection
from commons.contributions import submission
from commons.contributions.models import Contribution
left = int(sys.argv[3])

def count(execute, sql, params, many, context):
    global left
    if sql.lstrip().startswith(("INSERT", "UPDATE")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

draft = Contribution.objects.get(pk=sys.argv[2])
with connection.execute_wrapper(count):
    submission.submit(draft, by=draft.author)
"""


@pytest.mark.parametrize("writes", [0, 5, 14])
def test_killed_in_the_middle_leaves_nothing_half_done(writes):
    draft = drafted(factories.member())
    connection.close()
    name = str(connection.settings_dict["NAME"])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, name, str(draft.pk), str(writes)],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    draft.refresh_from_db()
    assert (draft.state, draft.page) == (State.DRAFT, None)
    assert not Article.objects.exists()
    assert Page.find_problems() == SOUND
    submission.submit(draft, by=draft.author)
    assert Article.objects.count() == 1
