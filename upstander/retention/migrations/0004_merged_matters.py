"""A hold on a matter keeps all that has become one with it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("retention", "0003_said"), ("places", "0011_merged_matters"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
