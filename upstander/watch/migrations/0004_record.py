"""One more kind of trouble: the record is not as it should be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("watch", "0003_probes_go"),)
    operations = (
        migrations.AlterField(
            "trouble",
            "kind",
            models.CharField(
                choices=[
                    ("lane", "a sweep has stopped"),
                    ("queue", "what is due is not being done"),
                    ("provider", "a provider does not deliver"),
                    ("probe", "the synthetic tip did not get through"),
                    ("site", "a site does not answer"),
                    ("record", "the record is not as it should be"),
                ],
                max_length=10,
            ),
        ),
    )
