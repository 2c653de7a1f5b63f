"""The plain tables of search: which are missing, and how they are made again."""

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model


def missing_tables() -> list[type[Model]]:
    """The models without a table."""
    there = set(connection.introspection.table_names())
    models = apps.get_app_config("search").get_models()
    return [model for model in models if model._meta.db_table not in there]


def make_tables() -> None:
    """Make what is missing, empty: `migrate` would not, since it did once.

    What editors wrote there, acronyms and searches without result, is in the last backup.
    """
    lost = missing_tables()
    done = MigrationRecorder(connection).applied_migrations()
    if lost and ("search", "0003_change") in done:
        with connection.schema_editor() as editor:
            for model in lost:
                editor.create_model(model)
