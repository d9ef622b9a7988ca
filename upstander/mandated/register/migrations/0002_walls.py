"""For whom the register opens, and that what was written in it stays."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("register", "0001_initial"),
        ("mandated", "0002_walls"),
        ("places", "0007_holds"),
        ("carriers", "0007_account_mail"),
        ("audit", "0002_guards"),
        ("cases", "0003_nobody_waits"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
