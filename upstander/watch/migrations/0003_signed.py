"""A trouble may be about what is signed of places, teams and keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("watch", "0002_keys"),)
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
                    ("signed", "places, teams or keys are not as they were signed"),
                ],
                max_length=10,
            ),
        ),
    )
