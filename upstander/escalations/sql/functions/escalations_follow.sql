-- The alerts of these matters go with what was linked.
CREATE OR REPLACE FUNCTION escalations_follow(p_matters uuid[], p_to uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE escalations_alert SET matter_id = p_to WHERE matter_id = ANY (p_matters)
$$;
