-- The center has settled who must not see a tip: whose report waited for that is asked at once,
-- and what climbed within the center alone goes on.
CREATE OR REPLACE FUNCTION mandated_settled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_routing SET remind_at = date_trunc('second', api.clock_now())
        WHERE waits AND matter_id IN (SELECT matters_same_matter(t.matter_id)
                                      FROM tips_tip t WHERE t.id = NEW.tip_id);
    UPDATE mandated_asked SET climb_at = date_trunc('second', api.clock_now())
        WHERE climb_at IS NOT NULL AND matter_id IN (SELECT matters_same_matter(t.matter_id)
                                                     FROM tips_tip t WHERE t.id = NEW.tip_id);
    RETURN NULL;
END $$;
