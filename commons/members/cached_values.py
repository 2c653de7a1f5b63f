"""Delete expired or personal entries of the cache when it is a database table."""

import base64
from collections.abc import Collection

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone


def delete_expired_values() -> int:
    """Delete expired entries, which Django keeps until the table is full; returns how many."""
    table = _table()
    if not table:
        return 0
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - our table
        return cursor.rowcount


def delete_values_containing(addresses: Collection[str]) -> None:
    """Delete the entries whose value holds one of `addresses`, such as a rate limit by address."""
    table = _table()
    if not table or not addresses:
        return
    needles = [address.lower().encode() for address in addresses]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key, value FROM {table}")  # noqa: S608
        values = ((key, base64.b64decode(value).lower()) for key, value in cursor.fetchall())
        keys = [key for key, value in values if any(needle in value for needle in needles)]
        delete = f"DELETE FROM {table} WHERE cache_key = %s"  # noqa: S608
        cursor.executemany(delete, [[key] for key in keys])


def _table() -> str:
    cache = caches["default"]
    return connection.ops.quote_name(cache._table) if isinstance(cache, DatabaseCache) else ""
