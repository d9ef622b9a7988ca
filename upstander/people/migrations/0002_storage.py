"""What is remembered of signing in lies in no log of changes."""

from django.db import migrations

_SQL = """
-- For minutes, and never in a log of changes or a backup.
ALTER TABLE people_signinmemory SET UNLOGGED;
"""


class Migration(migrations.Migration):
    dependencies = (("people", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
