-- How each of these questions stands; codes alone.
CREATE OR REPLACE FUNCTION api.answer_standings(p_asked bigint[])
    RETURNS TABLE (asked bigint, stands text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, mandated_standing(a.id) FROM mandated_asked a WHERE a.id = ANY (p_asked)
$$;

GRANT EXECUTE ON FUNCTION api.answer_standings
    TO upstander_center, upstander_district, upstander_school, upstander_worker;
