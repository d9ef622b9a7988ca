"""No tip is ever nobody's, and each reads of the record only what they may know of."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0002_walls"),
        ("tips", "0005_since_turn"),
        ("escalations", "0002_walls"),
        ("places", "0002_walls"),
        ("audit", "0002_guards"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
