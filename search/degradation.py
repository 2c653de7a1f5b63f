"""An index that is ill stops nobody: who reads goes on with less, who publishes without it.

The log tells, `doctor` says what it is, `rebuild_search` mends it.
"""

import functools
import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

logger = logging.getLogger(__name__)
Read = TypeVar("Read")


def tell() -> None:
    """In the log, with the error under way."""
    logger.exception("The search index is ill: manage.py rebuild_search")


def or_else(read: Callable[[], Read], instead: Callable[[], Read]) -> Read:
    """What `read` gives; what `instead` gives when a query fails.

    Not within a transaction: a query that fails spoils what follows, so whoever began it must know.
    """
    try:
        return read()
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        tell()
        return instead()


def careful(write):
    """`write`, which a damaged index makes do nothing: the caller's transaction goes on."""

    @functools.wraps(write)
    def carefully(*args, **kwargs):
        try:
            with transaction.atomic():
                return write(*args, **kwargs)
        except DatabaseError as error:
            if connection.needs_rollback or not _is_damage(error):
                raise
            tell()
            return None

    return carefully


def _is_damage(error: DatabaseError) -> bool:
    """Whether what it met is broken: on PostgreSQL, locks and lost connections are no damage."""
    if isinstance(error, IntegrityError):
        return False
    return connection.vendor == "sqlite" or not isinstance(error, OperationalError)
