"""An index for what is kept from somebody by a matter."""

from django.db import migrations

_SQL = """
CREATE INDEX case_matter ON cases_case (matter_id);
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
