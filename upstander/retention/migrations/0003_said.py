"""Whoever may know of a tip may know that it was destroyed."""

from django.db import migrations

SEEN = """
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('GRANT SELECT ON vault_tombstone TO %I', r);
        EXECUTE format('CREATE POLICY of_tip_%s ON vault_tombstone FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = subject))', r, r);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = (("retention", "0002_walls"),)
    operations = (migrations.RunSQL(SEEN, migrations.RunSQL.noop),)
