"""A brief opens with its tip's shred key too, so that what is forgotten is forgotten by police."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("dispatch", "0003_police_contact"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
