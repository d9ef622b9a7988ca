"""Whoever is barred by any road has nothing of the matter any more; see the SQL beside it."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (
        ("escalations", "0012_rounds_without_end"),
        ("places", "0011_merged_matters"),
    )
    operations = (
        migrations.AlterField(
            "news",
            "kind",
            models.CharField(
                choices=[
                    ("wrote", "the reporter wrote"),
                    ("assessed", "its priority changed"),
                    ("barred", "somebody is kept from it"),
                ],
                max_length=8,
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
