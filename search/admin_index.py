"""The index of the admin's own search: what is wrong with it, and its repair.

Wagtail keeps it in one table, and on SQLite in an FTS5 table that triggers fill.
"""

from importlib import import_module

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from modelsearch.abstract_models import TextIDGenericRelation
from wagtail.search.models import IndexEntry

from search.embedded import sqlite

TABLE = IndexEntry._meta.db_table
TRIGGERS = {f"{act}_{TABLE}_fts" for act in ("insert", "update", "delete")}


def faults() -> list[str]:
    """What is missing or damaged, in words for `doctor`."""
    if TABLE not in connection.introspection.table_names():
        return [f"{TABLE} is missing"]
    try:
        with transaction.atomic():
            list(IndexEntry.objects.values("title", "body", "autocomplete")[:1])
            return _fts_faults() if connection.vendor == "sqlite" else []
    except DatabaseError as error:
        return [f"{TABLE}: {str(error).splitlines()[0]}"]


def _fts_faults() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        missing = sorted(TRIGGERS - {name for (name,) in cursor.fetchall()})
        if missing:
            return [f"{', '.join(missing)} is missing"]
        cursor.execute(f"INSERT INTO {sqlite.ADMIN}({sqlite.ADMIN}) VALUES ('integrity-check')")  # noqa: S608
        indexed = f"SELECT rowid FROM {sqlite.ADMIN}"  # noqa: S608 (names of tables)
        cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE id NOT IN ({indexed})")  # noqa: S608
        (lacking,) = cursor.fetchone()
    return [f"{lacking} entries are not in {sqlite.ADMIN}"] if lacking else []


def disconnect_cascade() -> None:
    """Deleting an object no longer deletes its entries by Django's cascade.

    The cascade reads the FTS table, so that one that is damaged would keep anybody from deleting.
    Wagtail forgets the entry afterwards anyway, by way of `admin_backend`, which tolerates damage.
    """

    def none(self, objs, using=None):
        return self.remote_field.model.objects.none()

    TextIDGenericRelation.bulk_related_objects = none


def rebuild() -> None:
    """Create the index anew and fill it: it holds nothing that pages do not."""
    with connection.schema_editor() as editor:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for name in TRIGGERS:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                sqlite.force_drop(cursor, sqlite.ADMIN)
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}{cascade}")
        editor.create_model(IndexEntry)
        if connection.vendor == "sqlite":
            _make_fts()
    call_command("update_index", verbosity=0)


def _make_fts() -> None:
    """As Wagtail's own migration does."""
    migration = import_module("wagtail.search.migrations.0006_customise_indexentry").Migration
    with connection.cursor() as cursor:
        for operation in migration.operations:
            for statement in getattr(operation, "database_operations", []):
                cursor.execute(statement.sql)
