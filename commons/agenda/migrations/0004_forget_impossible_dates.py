"""Take out of lists the years that nobody meant: clocks and calendars cannot tell of them."""

import datetime

from django.db import migrations
from django.db.models import Q


def forget(apps, schema_editor):
    first, last = (datetime.datetime(year, 1, 2, tzinfo=datetime.UTC) for year in (1970, 2199))
    rows = apps.get_model("agenda", "Occurrence").objects
    rows.filter(Q(starts_at__lt=first) | Q(ends_at__gt=last)).delete()


class Migration(migrations.Migration):
    dependencies = [("agenda", "0003_forms_and_sources")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
