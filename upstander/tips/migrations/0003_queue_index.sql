-- The queue is read in the order of an index: life safety first, then the longest wait. A closed
-- tip to which its reporter added something waits again, so it stands here too.
CREATE INDEX tip_center_queue ON tips_tip (center_id, rank, waiting_since, received_at)
    WHERE (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk;

-- What was set aside as junk, newest first. Empty on most days, so intake pays nothing for it.
CREATE INDEX tip_center_junk ON tips_tip (center_id, received_at DESC)
    WHERE junk AND (state <> 'closed' OR waiting_since IS NOT NULL);

-- Closed tips, newest first: written when a tip is closed, not when it comes in.
CREATE INDEX tip_center_closed ON tips_tip (center_id, received_at DESC) WHERE state = 'closed';

-- "My tips", and how many each counselor holds.
CREATE INDEX tip_claimed ON tips_tip (claimed_by) WHERE claimed_by IS NOT NULL AND state <> 'closed';

-- The live stream's poll asks each second what has changed since: only ever the index's right edge.
CREATE INDEX tip_changed ON tips_tip (changed_at);
