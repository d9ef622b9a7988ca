-- Every name under which a tip may have been handed to the session's person. None of somebody who
-- has left: what they made themselves is theirs by another name.
CREATE OR REPLACE FUNCTION api.scope_holders() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(h), '{}') FROM (
        SELECT 'team:' || m.team_id FROM places_membership m WHERE m.person_id = api.scope_person()
        UNION ALL
        SELECT 'mac:' || encode(api.scope_mac(), 'hex') WHERE api.scope_mac() IS NOT NULL
            AND NOT places_by_way_in()
    ) AS holders(h)
$$;

GRANT EXECUTE ON FUNCTION api.scope_holders
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
