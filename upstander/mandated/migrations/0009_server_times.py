"""The server's times of a duty stay as they were written, said to the tables' owner too."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("mandated", "0008_grants_once"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
