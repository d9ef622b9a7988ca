"""Clocks that begin anew when a tip comes back, and tasks that end with it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0004_circles"),
        ("tips", "0009_clocks"),
        ("escalations", "0007_asking_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
