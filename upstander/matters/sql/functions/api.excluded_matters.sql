-- Matters that the session's person must not see: they are kept out, or joined a team that had them
-- before, and no colleague has looked yet.
CREATE OR REPLACE FUNCTION api.excluded_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(x.matter_id), '{}') FROM (
        SELECT b.matter_id FROM (SELECT api.scope_mac() AS mac OFFSET 0) AS me, matters_exclusion b
        WHERE b.person_mac = matters_bound(me.mac, b.bound_to)
        UNION ALL
        SELECT n.matter_id FROM matters_newcomer n
        WHERE n.person_id = api.scope_person() AND n.let_in_at IS NULL) AS x
$$;

GRANT EXECUTE ON FUNCTION api.excluded_matters
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
