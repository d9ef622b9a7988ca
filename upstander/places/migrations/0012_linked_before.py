"""What was linked before 0011 is found in the record, and is one matter from here on."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("places", "0011_merged_matters"), ("audit", "0002_guards"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
