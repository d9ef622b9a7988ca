"""A corrected time of the first report moves its reminders too, and what else falls due after it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("mandated", "0009_server_times"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
