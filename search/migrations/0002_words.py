"""The full-text tables or columns, which Django's models cannot describe."""

from django.db import migrations


def create(apps, schema_editor):
    from search.embedded.backends import store

    if schema_editor.connection.vendor == "sqlite":
        store().drop()
    store().create()


def drop(apps, schema_editor):
    from search.embedded.backends import store

    store().drop()


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
