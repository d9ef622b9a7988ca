-- Districts that the session's person watches today.
CREATE OR REPLACE FUNCTION api.monitor_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.district_id), '{}') FROM people_membership m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'monitor'
    WHERE m.person_id = api.scope_person() AND m.until > api.clock_now()
$$;

GRANT EXECUTE ON FUNCTION api.monitor_districts TO upstander_monitor;
