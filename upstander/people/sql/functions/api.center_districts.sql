-- Districts that the session's person serves from a center.
CREATE OR REPLACE FUNCTION api.center_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(d.id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'center'
    JOIN places_district d ON d.center_id = t.center_id
$$;

GRANT EXECUTE ON FUNCTION api.center_districts
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
