"""The reporter learns that somebody has it when somebody has said so."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("tips", "0010_handed_index"), ("escalations", "0007_asking_walls"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
