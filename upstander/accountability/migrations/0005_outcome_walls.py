"""Who fills in the figures of a closed case, and who reads counts of them."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("accountability", "0004_outcomes"),
        ("cases", "0008_case_walls"),
        ("dispatch", "0002_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
