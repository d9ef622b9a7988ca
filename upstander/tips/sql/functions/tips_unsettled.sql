-- Whether the reporter said who must not see a tip, and nobody has settled that yet.
CREATE OR REPLACE FUNCTION tips_unsettled(p_tip uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = p_tip AND t.not_see
        AND NOT EXISTS (SELECT 1 FROM tips_settled s WHERE s.tip_id = t.id))
$$;
