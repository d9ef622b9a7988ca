"""What says that a life is in danger is never set aside, from however many at once it came."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("tips", "0011_taken"), ("escalations", "0010_crowded"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
