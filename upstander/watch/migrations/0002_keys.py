"""A trouble may be about the file that wraps the shred keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("watch", "0001_initial"),)
    operations = (
        migrations.AlterField(
            "Trouble",
            "kind",
            models.CharField(
                choices=[
                    ("lane", "a sweep has stopped"),
                    ("queue", "what is due is not being done"),
                    ("provider", "a provider does not deliver"),
                    ("probe", "the synthetic tip did not get through"),
                    ("site", "a site does not answer"),
                    ("record", "the record is not as it should be"),
                    ("keys", "the shred key file is not as it should be"),
                ],
                max_length=10,
            ),
        ),
    )
