"""Indexes that the desk's lists read in order, so that their cost does not grow with all tips."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("tips", "0002_walls"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
