-- Where synthetic tips go. The public site must take them in and offer the place to nobody; every
-- figure, list and rule about real places leaves it out by this.
CREATE OR REPLACE FUNCTION api.probe_part(p_part text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE p_part WHEN 'center' THEN center_id WHEN 'district' THEN district_id
                       WHEN 'team' THEN team_id WHEN 'person' THEN person_id END
    FROM watch_probeplace
$$;

GRANT EXECUTE ON FUNCTION api.probe_part TO upstander_admin, upstander_public, upstander_worker;
