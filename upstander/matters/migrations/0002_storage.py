"""An index for the exclusions of a matter that were taken over from another."""

from django.db import migrations

_SQL = """
CREATE INDEX matterbar_person ON matters_exclusion (person_mac);
"""


class Migration(migrations.Migration):
    dependencies = (("matters", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
