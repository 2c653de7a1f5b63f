"""Words are cut otherwise: `run_due` reads every page again, or `rebuild_search` at once.

A change of the normaliser brings such a migration with it.
"""

from django.db import migrations


def mark(apps, schema_editor):
    apps.get_model("search", "Text").objects.update(stale=True)
    # Each is learned again, with its stem of today.
    apps.get_model("search", "Word").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0003_change")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
