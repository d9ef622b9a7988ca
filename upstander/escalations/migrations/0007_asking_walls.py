"""Who may see and do what with policies, tasks, contacts and news."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("escalations", "0006_asking"),
        ("places", "0003_invitations"),
        ("carriers", "0005_contact_walls"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
