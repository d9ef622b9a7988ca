"""A tip costs the same however many there are: the first of its page is found by index."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("tips", "0006_files_shut_away"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
