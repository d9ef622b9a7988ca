"""Who sees a case, and what nobody can do to one: not even the tables' owner."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("cases", "0007_cases"),
        ("places", "0007_holds"),
        ("tips", "0010_handed_index"),
        ("audit", "0007_proofs"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
