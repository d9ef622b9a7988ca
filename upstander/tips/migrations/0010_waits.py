"""Of what somebody has, those whose reporter waits for an answer stand first: the index's order."""

from django.db import migrations

_SQL = """
DROP INDEX tip_center_queue;
CREATE INDEX tip_center_queue
    ON tips_tip (center_id, rank, (similarity IS NOT NULL),
        (state = 'new' OR state = 'returned') DESC,
        (rank = 1 AND (tile = '' OR tile = 'suicide') AND (state = 'new' OR state = 'returned'))
            DESC,
        (waiting_since IS NOT NULL OR state = 'new' OR state = 'returned') DESC,
        happening_now DESC, soon DESC, waiting_since, received_at)
    WHERE (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk;
"""


class Migration(migrations.Migration):
    dependencies = (("tips", "0009_soon"),)
    operations = (migrations.RunSQL(_SQL),)
