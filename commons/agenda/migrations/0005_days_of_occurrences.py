"""Each date in a list knows the days that it takes on the clock of its place."""

import zoneinfo

from django.db import migrations, models

from commons.agenda.nights import last_day


def tell_days(apps, schema_editor):
    rows = apps.get_model("agenda", "Occurrence").objects.select_related("session")
    changed = []
    for row in rows.iterator(chunk_size=1000):
        zone = zoneinfo.ZoneInfo(row.session.time_zone)
        start, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        row.first_day, row.last_day = start.date(), last_day(start, end)
        changed.append(row)
    rows.model.objects.bulk_update(changed, ["first_day", "last_day"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("agenda", "0004_forget_impossible_dates")]
    operations = [
        migrations.AddField("occurrence", "first_day", models.DateField(null=True)),
        migrations.AddField("occurrence", "last_day", models.DateField(null=True)),
        migrations.RunPython(tell_days, migrations.RunPython.noop),
        migrations.AlterField("occurrence", "first_day", models.DateField()),
        migrations.AlterField("occurrence", "last_day", models.DateField()),
        migrations.AddIndex(
            "occurrence",
            models.Index(fields=["last_day", "session"], name="agenda_occu_last_da_a3035e_idx"),
        ),
    ]
