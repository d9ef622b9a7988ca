"""The storage of tiles, their index, and the row that says how far the record is sealed."""

from django.db import migrations

_SQL = """
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE INDEX audit_tile_span ON audit_tile USING gist (int8range(first, last, '[]')) WHERE level = 0;
INSERT INTO audit_head (id, size, xid, entry, above) VALUES (1, 0, 0, 0, 0);
"""


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
