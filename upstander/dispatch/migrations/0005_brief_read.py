"""What asks the center to phone police ends when an officer says "I have it"."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("dispatch", "0004_briefs_forgotten"),
        ("escalations", "0014_brief_task"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
