"""An answer by phone stands in the record under the name of whoever gave it."""

from django.db import migrations

# The worker writes in nobody's name but where the carriers, whom it can't imitate, have their reply.
POLICY = """
CREATE POLICY worker_answers ON audit_entry FOR INSERT TO upstander_worker
    WITH CHECK (actor_kind = 'staff' AND subject_kind = 'tip' AND action LIKE 'alert answered: %'
        AND EXISTS (SELECT 1 FROM carriers_inbound i JOIN escalations_alert a ON a.id = i.for_id
                    WHERE i.person_id = audit_entry.actor_id
                      AND a.subject_id::text = audit_entry.subject_id))
"""


class Migration(migrations.Migration):
    dependencies = (
        ("escalations", "0008_task_poke"),
        ("audit", "0002_guards"),
        ("carriers", "0005_contact_walls"),
    )
    operations = (migrations.RunSQL(POLICY, migrations.RunSQL.noop),)
