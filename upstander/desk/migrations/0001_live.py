"""What the live stream and the supervisor's page may ask the database: ids and times, no words."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = (
        ("tips", "0003_queue_index"),
        ("escalations", "0002_walls"),
        ("places", "0002_walls"),
        ("cases", "0002_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
