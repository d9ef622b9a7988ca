"""The clock, and the triggers that make the record append-only."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("audit", "0001_initial"),
        ("vault", "0001_initial"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
