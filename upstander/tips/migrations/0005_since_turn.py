"""A school reads what was written after the hand-off by the order of turns, not by whole seconds."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("tips", "0004_subject_marks"),)
    operations = (
        migrations.AddField(
            "recipient",
            "since_turn",
            models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
