-- Until when a way in stays open: a time once nothing is left to do, NULL while there is.
CREATE OR REPLACE FUNCTION people_way_in_ends(p_person bigint, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE people_wayin SET ends_at = p_at WHERE person_id = p_person
$$;
