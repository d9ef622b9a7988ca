"""Who may read the directory: staff its tables, the public process one function."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("directory", "0001_initial"),
        ("places", "0003_invitations"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            "DROP FUNCTION api.public_services(text)",
        ),
    )
