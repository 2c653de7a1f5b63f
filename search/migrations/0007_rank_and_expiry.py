"""A rank in the order of a section, a time to index a page again, and labels for types and dates.

`run_due` reads every page again, or `rebuild_search` at once.
"""

from django.db import migrations, models


def mark(apps, schema_editor):
    apps.get_model("search", "Text").objects.update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0006_read_languages_again")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="rank",
            field=models.BigIntegerField(
                default=0, help_text="Its place in the order of its section."
            ),
        ),
        migrations.AddField(
            model_name="text",
            name="expires",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
