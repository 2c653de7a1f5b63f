"""A cache that is a table forgets what is past its time, and whoever is erased."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from commons.members.accounts import open_account
from commons.members.cached_values import delete_expired_values
from commons.members.erasure import erase, erase_address
from commons.members.retention import purge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def table(settings, site):
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "cache_entries"}}
    call_command("createcachetable", verbosity=0)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entries")
        return cursor.fetchone()[0]


def test_what_is_past_its_time_leaves_the_table():
    cache.set("soon", "zoe@example.org", 60)
    cache.set("later", "ana@example.org", 6_000)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5), tick=False):
        purge(dry_run=True)
        assert rows() == 2
        purge()
        assert rows() == 1
        assert delete_expired_values() == 0
        assert cache.get("later")


@pytest.mark.parametrize("erased", ["member", "address"])
def test_who_is_erased_leaves_the_table(erased):
    cache.set("sent", "Zoe@example.org", 600)
    cache.set("other", "ana@example.org", 600)
    if erased == "member":
        erase(open_account("zoe@example.org"))
    else:
        erase_address("zoe@example.org")
    assert (cache.get("sent"), cache.get("other")) == (None, "ana@example.org")


def test_another_cache_is_left_alone(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.set("sent", "zoe@example.org", 600)
    erase_address("zoe@example.org")
    assert delete_expired_values() == 0
