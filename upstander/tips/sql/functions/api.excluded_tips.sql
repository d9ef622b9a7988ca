-- Tips of matters that the session's person must not see, for tables that name only the tip.
CREATE OR REPLACE FUNCTION api.excluded_tips() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM tips_tip t
    WHERE t.matter_id = ANY (api.excluded_matters())
$$;

GRANT EXECUTE ON FUNCTION api.excluded_tips TO upstander_center, upstander_district,
    upstander_school;
