-- Districts that the session's person leads.
CREATE OR REPLACE FUNCTION api.lead_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.district_id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'district'
$$;

GRANT EXECUTE ON FUNCTION api.lead_districts
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
