-- Every name under which a tip was handed to the session's person: their teams', and by name, under
-- which they stand otherwise in each tip. None of somebody who has left: what they made themselves
-- is theirs by another name.
CREATE OR REPLACE FUNCTION api.scope_holders() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(h), '{}') FROM (
        SELECT 'team:' || m.team_id FROM people_posts() m
        UNION ALL
        SELECT n.name FROM (SELECT api.scope_code() AS mac OFFSET 0) AS me,
            LATERAL vault_own_names(p_mac => me.mac) AS n (name) WHERE me.mac IS NOT NULL
    ) AS holders(h)
$$;

GRANT EXECUTE ON FUNCTION api.scope_holders
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
