-- By which channels colleagues can be reached, without their numbers.
CREATE OR REPLACE FUNCTION api.carrier_ways(p_people bigint[]) RETURNS TABLE (person_id bigint,
    kind text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT c.person_id, c.kind::text FROM carriers_contactmethod c
    WHERE c.person_id = ANY (p_people) AND c.person_id = ANY (api.scope_people())
      AND c.verified_at IS NOT NULL AND c.broken_at IS NULL
$$;

GRANT EXECUTE ON FUNCTION api.carrier_ways
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
