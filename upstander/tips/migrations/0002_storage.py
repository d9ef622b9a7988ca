"""The indexes of the queue: partial, each for one list that the desk shows."""

from django.db import migrations

_SQL = """
-- A reference is never searched by its beginning: one index less to write for each tip.
DROP INDEX tips_tip_reference_49b93d47_like;
CREATE INDEX tip_center_queue
    ON tips_tip (center_id, rank, (similarity IS NOT NULL),
        (state = 'new' OR state = 'returned') DESC,
        (rank = 1 AND (tile = '' OR tile = 'suicide') AND (state = 'new' OR state = 'returned'))
            DESC,
        (waiting_since IS NOT NULL OR state = 'new' OR state = 'returned') DESC,
        happening_now DESC, soon DESC, waiting_since, received_at)
    WHERE (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk;
CREATE INDEX tip_center_junk ON tips_tip (center_id, received_at DESC)
    WHERE junk AND (state <> 'closed' OR waiting_since IS NOT NULL);
CREATE INDEX tip_center_closed ON tips_tip (center_id, received_at DESC) WHERE state = 'closed';
CREATE INDEX tip_claimed ON tips_tip (claimed_by)
    WHERE claimed_by IS NOT NULL AND state <> 'closed';
CREATE INDEX tip_claimed_matter ON tips_tip (matter_id) WHERE state = 'claimed';
CREATE INDEX tip_changed ON tips_tip (changed_at);
CREATE INDEX tip_handed ON tips_tip (center_id, rank, received_at)
    WHERE state = 'handed_off' AND NOT junk;
CREATE INDEX tip_same_words
    ON tips_tip (center_id, same_words, (similarity IS NOT NULL), waiting_since, received_at, id)
    WHERE same_words IS NOT NULL AND state = 'new' AND turns = 2 AND NOT junk AND NOT not_see;
"""


class Migration(migrations.Migration):
    dependencies = (("tips", "0001_initial"),)
    operations = (migrations.RunSQL(_SQL, migrations.RunSQL.noop),)
