-- Which tips of a matter wait for its center to settle who must not see them. What was settled
-- counts for what had been said by then: whatever was said at a later turn waits anew.
CREATE OR REPLACE FUNCTION tips_waiting(p_matter uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id FROM tips_tip t
    WHERE t.matter_id IN (SELECT matters_same_matter(p_matter)) AND t.not_see
      AND NOT EXISTS (SELECT 1 FROM tips_settled s
                      WHERE s.tip_id = t.id AND s.turn >= t.not_see_turn)
$$;
