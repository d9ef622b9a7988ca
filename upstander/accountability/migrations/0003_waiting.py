"""Who looks at times may count how long an open tip has waited so far."""

from django.db import migrations

GRANT = (
    "GRANT EXECUTE ON FUNCTION accountability_seconds(timestamptz, timestamptz)"
    " TO upstander_center, upstander_school, upstander_district"
)


class Migration(migrations.Migration):
    dependencies = (("accountability", "0002_walls"),)
    operations = (migrations.RunSQL(GRANT, migrations.RunSQL.noop),)
