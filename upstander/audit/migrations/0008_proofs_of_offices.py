"""Who holds a duty proves it; what a duty is, an app above says."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("audit", "0007_proofs"), ("places", "0008_monitors"))
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    )
