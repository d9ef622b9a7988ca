-- Districts that the session's person watches today; an agency of advocates nobody does.
CREATE OR REPLACE FUNCTION api.monitor_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.district_id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'monitor'
    WHERE m.until > api.clock_now()
      AND NOT EXISTS (SELECT 1 FROM places_district d JOIN places_center c ON c.id = d.center_id
        WHERE d.id = t.district_id AND c.advocates
          AND NOT EXISTS (SELECT 1 FROM places_school s WHERE s.district_id = d.id))
$$;

GRANT EXECUTE ON FUNCTION api.monitor_districts TO upstander_monitor;
