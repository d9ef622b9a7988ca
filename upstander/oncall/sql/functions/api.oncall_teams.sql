-- Teams whose plan the session's person sees.
CREATE OR REPLACE FUNCTION api.oncall_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM people_team t
    WHERE t.id IN (SELECT m.team_id FROM people_posts() m)
       OR t.district_id = ANY (api.lead_districts())
       OR t.district_id = ANY (api.center_districts())
       OR api.scope_is_admin()
$$;

GRANT EXECUTE ON FUNCTION api.oncall_teams
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
