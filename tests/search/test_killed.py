"""A process killed at any write of a publication: the page and its index tell the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from search.contract import Query, Scope, faults, search
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
FRENCH = Scope(language="fr")
KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.db import connection
from wagtail.models import Page
left, writes = int(sys.argv[4]), ("INSERT", "UPDATE", "DELETE")

def count(execute, sql, params, many, context):
    global left
    if sql.lstrip().startswith(writes):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

page = Page.objects.get(pk=sys.argv[2]).specific
with connection.execute_wrapper(count):
    if sys.argv[3] == "publish":
        page.get_latest_revision().publish()
    else:
        page.unpublish()
print(int(sys.argv[4]) - left)
"""


def in_a_process(page, act: str, after: int) -> subprocess.CompletedProcess:
    connection.close()
    name = str(connection.settings_dict["NAME"])
    return subprocess.run(
        [sys.executable, "-c", KILLED, name, str(page.pk), act, str(after)],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def find(word: str) -> list[int]:
    return search(Query(word, FRENCH)).ids[:]


@pytest.fixture
def page(transactional_db):
    """Published as « casier », with a change to « canari » that waits."""
    factories.site()
    page = factories.article(title="Casier")
    page.title = "Canari"
    page.save_revision()
    return page


def assert_in_step(page):
    page.refresh_from_db()
    shown = {"Casier": "casier", "Canari": "canari"}[page.title]
    other = {"casier": "canari", "canari": "casier"}[shown]
    assert find(shown) == ([page.pk] if page.live else [])
    assert find(other) == []
    assert faults() == []


@pytest.mark.parametrize("after", [1, 2, 4, 6, 9, 12, 16])
def test_killed_while_publishing(page, after):
    ended = in_a_process(page, "publish", after)
    assert ended.returncode in {-signal.SIGKILL, 0}, ended.stderr
    if after <= 6:
        assert ended.returncode == -signal.SIGKILL, f"only {ended.stdout} writes"
    assert_in_step(page)
    page.get_latest_revision().publish()
    assert_in_step(page)
    assert page.title == "Canari"


@pytest.mark.parametrize("after", [1, 3, 5])
def test_killed_while_unpublishing(page, after):
    in_a_process(page, "unpublish", after)
    assert_in_step(page)
    page.unpublish()
    assert_in_step(page)
    assert not page.live
