"""Scope functions, and who may see which place, person and key."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("places", "0001_initial"),
        ("vault", "0001_initial"),
        ("audit", "0002_guards"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    )
    operations = (
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text("utf-8"),
            migrations.RunSQL.noop,
        ),
    )
