"""Who may see which times, as policies of the database, and the function that fills them."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("accountability", "0001_initial"),
        ("watch", "0002_walls"),
        ("cases", "0003_nobody_waits"),
        ("triage", "0002_walls"),
        ("escalations", "0002_walls"),
        ("audit", "0002_guards"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
