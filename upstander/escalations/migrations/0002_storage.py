"""The row that says when the worker last looked."""

from django.db import migrations

_SQL = """
INSERT INTO escalations_moment (id, seen_at) VALUES (1, '2000-01-01 00:00:00+00');
"""


class Migration(migrations.Migration):
    dependencies = (("escalations", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
