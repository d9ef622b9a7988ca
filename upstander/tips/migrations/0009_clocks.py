"""The clock starts at the tip, by the center's policy, and hears of what the reporter writes."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("tips", "0008_fewer_indexes"),
        ("escalations", "0007_asking_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
