"""Who reads that a text was reviewed, and that nobody changes it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("guides", "0001_initial"),
        ("places", "0007_holds"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
