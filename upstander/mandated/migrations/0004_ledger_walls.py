"""Who is asked, who meets what falls due later, and what of it each may count."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("mandated", "0003_ledger"),
        ("places", "0008_monitors"),
        ("audit", "0008_proofs_of_offices"),
        ("oncall", "0002_walls"),
        ("cases", "0003_nobody_waits"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
