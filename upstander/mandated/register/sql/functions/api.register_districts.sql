-- Districts in whose office the session's person has one of the named roles today.
CREATE OR REPLACE FUNCTION api.register_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT t.district_id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'office' AND t.school_id IS NULL
    WHERE m.role = ANY (people_roles_of(p_kind => 'office', p_of_school => false))
$$;

GRANT EXECUTE ON FUNCTION api.register_districts
    TO upstander_center, upstander_district, upstander_school;
