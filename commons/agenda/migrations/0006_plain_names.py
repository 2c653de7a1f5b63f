"""`Registration.quiet` is called `muted`, and `Letter` is `SentEmail` in the same table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agenda", "0005_days_of_occurrences")]
    operations = [
        migrations.RenameField("registration", "quiet", "muted"),
        # The table first: renaming the model then touches no row.
        migrations.AlterModelTable("letter", "agenda_letter"),
        migrations.RenameModel("Letter", "SentEmail"),
        migrations.AlterField(
            "sentemail",
            "registration",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sent_emails",
                to="agenda.registration",
            ),
        ),
    ]
