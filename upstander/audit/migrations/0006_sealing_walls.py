"""Who may seal and who may read what was sealed; and that none of it is taken back."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("audit", "0005_sealing"),
        ("places", "0003_invitations"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
