"""Find the tables of search that are missing, and create them again."""

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model


def missing_tables() -> list[type[Model]]:
    """The models without a table."""
    existing = set(connection.introspection.table_names())
    models = apps.get_app_config("search").get_models()
    return [model for model in models if model._meta.db_table not in existing]


def create_missing_tables() -> None:
    """Create what is missing, empty: `migrate` would not, since it did once.

    What editors wrote there, acronyms and searches without result, is in the last backup.
    """
    missing = missing_tables()
    applied = MigrationRecorder(connection).applied_migrations()
    if missing and ("search", "0003_change") in applied:
        with connection.schema_editor() as editor:
            for model in missing:
                editor.create_model(model)
