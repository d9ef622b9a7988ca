"""Monitors keep their own ways to be reached."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("mandated", "0006_guards_look"), ("carriers", "0005_contact_walls"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
