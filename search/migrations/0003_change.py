"""A journal of the index; words are kept by level, so that both databases rank alike.

Pages are read again by `run_due`, or at once by `rebuild_search`.
"""

import search.models
from django.db import migrations, models


def build(apps, schema_editor):
    from search.embedded.backends import store

    store().drop()
    store().create()
    apps.get_model("search", "Text").objects.update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "token",
                    models.BigIntegerField(
                        default=search.models._token, primary_key=True, serialize=False
                    ),
                ),
                ("pages", models.TextField(help_text="Numbers of pages, with commas.")),
            ],
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
