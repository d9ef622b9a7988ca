"""The queue's index in its order: of the urgent that nobody has, those of which nobody knows what."""

from django.db import migrations

_SQL = """
DROP INDEX tip_center_queue;
CREATE INDEX tip_center_queue
    ON tips_tip (center_id, rank, (similarity IS NOT NULL),
        (state = 'new' OR state = 'returned') DESC,
        (rank = 1 AND (tile = '' OR tile = 'suicide') AND first_read_at IS NULL) DESC,
        happening_now DESC, waiting_since, received_at)
    WHERE (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk;
"""


class Migration(migrations.Migration):
    dependencies = (("tips", "0007_late"),)
    operations = (migrations.RunSQL(_SQL),)
