-- An alert too is seen by a district's lead only once its tip has reached the district, or once
-- they were asked.
CREATE OR REPLACE FUNCTION api.asked_alerts() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(p.alert_id), '{}') FROM escalations_page p
    WHERE p.person_id = api.scope_person()
$$;

GRANT EXECUTE ON FUNCTION api.asked_alerts TO upstander_district;
