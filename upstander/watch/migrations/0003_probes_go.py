"""Old synthetic tips are removed, and nothing else ever is."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("watch", "0002_walls"),
        ("carriers", "0005_contact_walls"),
        ("escalations", "0007_asking_walls"),
        ("tips", "0002_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
