"""Room in the pages of a table of which every row is written anew each night."""

from django.db import migrations

_SQL = """
ALTER TABLE vault_shredkey SET (fillfactor = 45);
CREATE INDEX grant_by_name ON vault_grant (tip_id, holder) WHERE holder LIKE 'own:%';
"""


class Migration(migrations.Migration):
    dependencies = (("vault", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
