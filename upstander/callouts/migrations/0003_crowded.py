"""Whether an asking on the website came from a place that had sent a few."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("callouts", "0001_initial"),)
    operations = (
        migrations.AddField(
            model_name="callout",
            name="crowded",
            field=models.BooleanField(db_default=False, default=False),
        ),
    )
