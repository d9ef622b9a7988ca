"""Whoever leaves a team has nothing of it any more: the next people are asked at once."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("escalations", "0010_crowded"),
        ("places", "0009_hats"),
        ("audit", "0002_guards"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
