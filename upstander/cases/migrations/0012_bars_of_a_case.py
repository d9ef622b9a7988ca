"""Whoever is kept out of a case is kept from each of its tips; see the SQL beside it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0011_asked_again"),
        ("escalations", "0013_barred"),
        ("places", "0012_linked_before"),
        ("tips", "0013_files_come_back"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
