"""Keep the site working while the index is damaged: reads fall back, publications go on without it.

The log tells of it, `doctor` says what is wrong, `rebuild_search` repairs it.
"""

import functools
import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

logger = logging.getLogger(__name__)
Read = TypeVar("Read")


def log_damage() -> None:
    """Log the error being handled."""
    logger.exception("The search index is damaged: manage.py rebuild_search")


def with_fallback(read: Callable[[], Read], fallback: Callable[[], Read]) -> Read:
    """The value of `read()`, or of `fallback()` when its query fails.

    Within a transaction the error is raised: it spoils the queries that follow.
    """
    try:
        return read()
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        log_damage()
        return fallback()


def skip_if_damaged(write):
    """Decorate `write`: on a damaged index it does nothing; the caller's transaction goes on."""

    @functools.wraps(write)
    def wrapper(*args, **kwargs):
        try:
            with transaction.atomic():
                return write(*args, **kwargs)
        except DatabaseError as error:
            if connection.needs_rollback or not _is_damage(error):
                raise
            log_damage()
            return None

    return wrapper


def _is_damage(error: DatabaseError) -> bool:
    """Whether the index is broken: on PostgreSQL, locks and lost connections are no damage."""
    if isinstance(error, IntegrityError):
        return False
    return connection.vendor == "sqlite" or not isinstance(error, OperationalError)
