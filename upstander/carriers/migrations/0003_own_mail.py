"""Nobody reads another's mail in the demo's outbox: not even that a tip exists."""

from django.db import migrations

SQL = """
ALTER TABLE carriers_outboxmail ENABLE ROW LEVEL SECURITY;
CREATE POLICY written ON carriers_outboxmail FOR INSERT TO upstander_worker, upstander_staff,
    upstander_center, upstander_school, upstander_district, upstander_admin WITH CHECK (true);
GRANT INSERT ON carriers_outboxmail TO upstander_center, upstander_school, upstander_district,
    upstander_admin;
GRANT USAGE ON SEQUENCE carriers_outboxmail_id_seq TO upstander_worker, upstander_staff,
    upstander_center, upstander_school, upstander_district, upstander_admin;
CREATE POLICY own ON carriers_outboxmail FOR SELECT TO upstander_center, upstander_school,
    upstander_district, upstander_admin
    USING (lower("to") = (SELECT lower(p.email) FROM places_person p
                          WHERE p.id = (SELECT api.scope_person())));
-- An administrator helps with invitations and forgotten passwords; these name no tip.
CREATE POLICY accounts ON carriers_outboxmail FOR SELECT TO upstander_admin
    USING ((SELECT api.scope_person()) IS NOT NULL AND body NOT LIKE '%/tips/%');
"""


class Migration(migrations.Migration):
    dependencies = (("carriers", "0002_walls"), ("places", "0002_walls"))
    operations = (migrations.RunSQL(SQL, migrations.RunSQL.noop),)
