"""What every test shares: a small site, a clean cache, and why a group of tests was skipped."""

import gc
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import TransactionTestCase
from django.utils import translation

from commons.members.background_delivery import background
from commons.members.delivery import deliver, send_unstored
from search.embedded.snapshot import _Cache
from tests import factories, migrated
from tests.asking import settle

CHROMIUM = shutil.which("chromium")
GROUPS = {
    "postgres": "they need PostgreSQL (DATABASE_URL=postgres://…)",
    "browser": "they need Chromium",
}
_skipped = Counter()


def pytest_collection_modifyitems(items):
    missing = {
        "postgres": connection.vendor != "postgresql",
        "browser": CHROMIUM is None,
    }
    for item in items:
        for group, need in GROUPS.items():
            if missing[group] and item.get_closest_marker(group):
                _skipped[group] += 1
                item.add_marker(pytest.mark.skip(reason=f"{need}: make test-all"))


def pytest_collection_finish():
    """What was imported stays: spare the garbage collector from looking through it again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    for group, count in sorted(_skipped.items()):
        terminalreporter.write_line(
            f"{count} {group} tests skipped: {GROUPS[group]}; `make test-all` runs all."
        )


@pytest.fixture(scope="session")
def django_db_keepdb(request):
    """Start from the database that an earlier run migrated, when no migration changed since."""
    return migrated.restore(Path(request.config.cache.mkdir("migrated")))


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_keepdb, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            migrated.keep(Path(request.config.cache.mkdir("migrated")))
        states = migrated.States()
    with pytest.MonkeyPatch.context() as patch:
        # Django empties all tables after a test with real transactions.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: states.leave())
        yield states


@pytest.fixture
def _starting_state(request, django_db_setup, django_db_blocker):
    """A test that asks for `site` starts with it, any other from what migrations made."""
    with django_db_blocker.unblock():
        django_db_setup.bring(migrated.SITE if "site" in request.fixturenames else migrated.BARE)


@pytest.fixture
def _django_db_helper(_starting_state, _django_db_helper):
    """What begins the transaction of a test."""


@pytest.fixture(autouse=True)
def _each_test_starts_afresh(monkeypatch):
    cache.clear()
    monkeypatch.setattr(_Cache, "snapshot", None)  # what search knew of another test's pages
    settle()
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True)
def _mail_leaves_at_once(monkeypatch):
    """What a thread of the site delivers is delivered by the test's own, in a known order."""
    monkeypatch.setattr(background, "enqueue", deliver)
    monkeypatch.setattr(background, "enqueue_unstored", send_unstored)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def one_long_day(monkeypatch):
    """No answer in memory grows old during the test, whose transaction no request closes."""
    monkeypatch.setattr("commons.pages.cache_version.LIFETIME", 10**12)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def site(db):
    """The default Site: root, home page `fr`, library `se-documenter`, two locales."""
    return factories.site()


@pytest.fixture
def library(site):
    """The French library page, parent of every resource."""
    return factories.library()
