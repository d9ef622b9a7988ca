"""Proofs of single entries for those who may not see the tree itself."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("audit", "0006_sealing_walls"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
