-- Whether somebody who is in no team may sign in for their own reports: their new way in was taken
-- up, and is not over.
CREATE OR REPLACE FUNCTION people_way_in_open(p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_wayin w WHERE w.person_id = p_person
                   AND w.used_at IS NOT NULL
                   AND (w.ends_at IS NULL OR w.ends_at > api.clock_now()))
       AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = p_person
                       AND (m.until IS NULL OR m.until > api.clock_now()))
$$;
