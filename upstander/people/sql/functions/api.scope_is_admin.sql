CREATE OR REPLACE FUNCTION api.scope_is_admin() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_posts() m JOIN people_team t ON t.id = m.team_id
        WHERE t.kind = 'administration'
          AND m.role = 'administrator')
$$;

GRANT EXECUTE ON FUNCTION api.scope_is_admin
    TO upstander_admin, upstander_center, upstander_district, upstander_police, upstander_school;
