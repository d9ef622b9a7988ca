-- The schools in whose team or staff the session's person is: there they may lead sessions.
CREATE OR REPLACE FUNCTION api.lesson_schools() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT t.school_id), '{}')
    FROM people_posts() m JOIN people_team t ON t.id = m.team_id
    WHERE t.kind IN ('school', 'staff') AND t.school_id IS NOT NULL
$$;

GRANT EXECUTE ON FUNCTION api.lesson_schools TO upstander_school;
