-- Whether somebody who is in no team may sign in for their own reports: their new way in was taken
-- up, and is not over.
CREATE OR REPLACE FUNCTION places_way_in_open(p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM places_wayin w WHERE w.person_id = p_person
                   AND w.used_at IS NOT NULL
                   AND (w.ends_at IS NULL OR w.ends_at > api.clock_now()))
       AND NOT EXISTS (SELECT 1 FROM places_membership m WHERE m.person_id = p_person
                       AND (m.until IS NULL OR m.until > api.clock_now()))
$$;
