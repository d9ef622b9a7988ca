"""What two persons lowered was life safety, whoever had set it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("retention", "0004_merged_matters"), ("cases", "0003_nobody_waits"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
