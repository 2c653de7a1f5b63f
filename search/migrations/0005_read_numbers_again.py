"""Numbers, codes and contracted inclusive forms are cut otherwise: see `0004_read_again`."""

from django.db import migrations


def mark(apps, schema_editor):
    apps.get_model("search", "Text").objects.update(stale=True)
    # Each is learned again, with its stem of today.
    apps.get_model("search", "Word").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0004_read_again")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
