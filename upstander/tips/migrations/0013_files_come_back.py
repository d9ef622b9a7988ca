"""A file is a turn of the conversation, and brings a closed tip back; see the SQL beside it."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("tips", "0012_crowds"),)
    operations = (
        migrations.AddField(
            "attachment", "turn", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
