-- Whether the reporter of a tip, or of another of its matter, said who must not see it, and nobody
-- has settled that yet: two who write of one adult are two tips of one matter.
CREATE OR REPLACE FUNCTION tips_unsettled(p_tip uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM tips_tip t CROSS JOIN LATERAL tips_waiting(p_matter => t.matter_id)
                   WHERE t.id = p_tip)
$$;
