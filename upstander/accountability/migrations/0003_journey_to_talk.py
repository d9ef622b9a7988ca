"""Whether a row's times are those of a talk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("accountability", "0002_storage"),)
    operations = (
        migrations.AddField(
            "journey", "to_talk", models.BooleanField(default=False, db_default=False)
        ),
    )
