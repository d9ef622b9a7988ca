"""Who reads what was written for a duty, and that it stays."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("written", "0001_initial"),
        ("mandated", "0002_walls"),
        ("places", "0007_holds"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
