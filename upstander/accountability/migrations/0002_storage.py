"""The row that says how far times have been gathered."""

from django.db import migrations

_SQL = """
INSERT INTO accountability_gathered (id, changed_at, tip_id)
    VALUES (1, '1970-01-01Z', '00000000-0000-0000-0000-000000000000');
"""


class Migration(migrations.Migration):
    dependencies = (("accountability", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
