"""Who may see and do what with ways to reach people, and what the providers' callbacks may do."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("carriers", "0004_contact"), ("places", "0002_walls"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
