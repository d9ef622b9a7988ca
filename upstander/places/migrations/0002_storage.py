"""An index for the bars of a matter that were taken over from another."""

from django.db import migrations

_SQL = """
CREATE INDEX matterbar_person ON places_matterbar (person_mac);
"""


class Migration(migrations.Migration):
    dependencies = (("places", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
