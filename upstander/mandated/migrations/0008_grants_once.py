"""Who sees a duty is asked by the index of grants, with whose they are looked up once a query."""

from django.db import migrations

#: The policies of grants say whose they are, and since when and until when they stand.
_POLICY = """
ALTER POLICY seen_{role} ON mandated_duty
    USING (person_id = (SELECT api.scope_person())
           OR (NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[]))
               AND EXISTS (SELECT 1 FROM places_foldergrant g
                           WHERE g.folder_id = mandated_duty.folder_id)))
"""


class Migration(migrations.Migration):
    dependencies = (("mandated", "0007_monitor_contact"),)
    operations = tuple(
        migrations.RunSQL(_POLICY.format(role=role), migrations.RunSQL.noop)
        for role in ("upstander_center", "upstander_school", "upstander_district")
    )
