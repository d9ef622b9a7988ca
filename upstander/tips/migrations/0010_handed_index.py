"""What is with the schools, by the longest: written at the hand-off, so that no tip pays for it."""

from django.db import migrations

SQL = """
CREATE INDEX tip_handed ON tips_tip (center_id, rank, received_at)
    WHERE state = 'handed_off' AND NOT junk;
"""


class Migration(migrations.Migration):
    dependencies = (("tips", "0009_clocks"),)
    operations = (migrations.RunSQL(SQL, migrations.RunSQL.noop),)
