"""Nothing can be written any more, and people must not read that it is their fault."""

import errno
import uuid

from django.core.cache.backends.db import DatabaseCache
from django.db import OperationalError, connections, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FULL = _(
    "Le site ne peut rien enregistrer en ce moment : ce n’est pas de votre fait. "
    "Copiez votre texte, et réessayez plus tard."
)
POSTGRESQL_FULL = "53100"
CLOSED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}  # no room, or no right to write
SAID = ("disk is full", "No space left", "disk I/O error")


def is_disk_full(error: BaseException) -> bool:
    """Whether the disk, the quota or the database has no room left, or may not be written."""
    if isinstance(error, OperationalError):
        full = getattr(error.__cause__, "sqlstate", "") == POSTGRESQL_FULL
        return full or any(words in str(error) for words in SAID)
    return isinstance(error, OSError) and error.errno in CLOSED


class HonestDatabaseCache(DatabaseCache):
    """Django's, which takes a full disk for « somebody else holds this key », told as a limit."""

    def add(self, key, value, *args, **kwargs):
        added = super().add(key, value, *args, **kwargs)
        if not added and not self.has_key(key, kwargs.get("version")):
            self._write_something()
        return added

    def _write_something(self):
        """Raises what the database raises when it cannot write, which Django's own swallows."""
        alias = router.db_for_write(self.cache_model_class)
        table = connections[alias].ops.quote_name(self._table)
        key = f"probe:{uuid.uuid4()}"
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            insert = f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, '', %s)"  # noqa: S608
            now = connections[alias].ops.adapt_datetimefield_value(timezone.now())
            cursor.execute(insert, [key, now])
            cursor.execute(f"DELETE FROM {table} WHERE cache_key = %s", [key])  # noqa: S608
