"""Who sees what is due, who agrees to it, and what goes with it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("retention", "0001_initial"),
        ("vault", "0004_tombstones"),
        ("cases", "0008_case_walls"),
        ("dispatch", "0002_walls"),
        ("mandated", "0002_walls"),
        ("triage", "0002_walls"),
        ("watch", "0002_walls"),
        ("written", "0002_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
