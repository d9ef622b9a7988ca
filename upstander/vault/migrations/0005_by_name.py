"""Finding what was granted to persons by name: few rows, of which each stands under its own name."""

from django.db import migrations

_SQL = """
CREATE INDEX grant_by_name ON vault_grant (tip_id, holder) WHERE holder LIKE 'own:%';
"""
_BACK = "DROP INDEX grant_by_name;"


class Migration(migrations.Migration):
    dependencies = (("vault", "0004_signed_statements"),)
    operations = (migrations.RunSQL(_SQL, _BACK),)
