"""A page of the ledger, newest first, from what was granted to its reader."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("mandated", "0004_ledger_walls"), ("places", "0010_grants_in_order"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
