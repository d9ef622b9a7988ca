"""Who sees a duty, and that only its owner's own report ends it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("mandated", "0001_initial"),
        ("places", "0007_holds"),
        ("tips", "0007_first_of_page"),
        ("audit", "0002_guards"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
