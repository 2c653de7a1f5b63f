"""Pages were read before they were filed under their language: see `0004_read_again`."""

from django.db import migrations


def mark(apps, schema_editor):
    apps.get_model("search", "Text").objects.update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0005_read_numbers_again")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
