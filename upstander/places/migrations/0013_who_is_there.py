"""Who is there: a page that refreshes is nobody. And a team without a lead gets one."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("places", "0012_linked_before"),)
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
