"""Whether an asking on the website came from a place that had sent a few."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("callouts", "0002_panic_and_desk"),)
    operations = (
        migrations.AddField(
            model_name="callout",
            name="crowded",
            field=models.BooleanField(db_default=False, default=False),
        ),
    )
