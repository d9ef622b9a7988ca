"""Which tips are in a case stays; a closed case can be handed to whoever reviewed its closing."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("cases", "0008_case_walls"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
