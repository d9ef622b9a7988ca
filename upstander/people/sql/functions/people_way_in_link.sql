-- A new link to a way in that nobody has taken up yet; the one before opens nothing any more.
CREATE OR REPLACE FUNCTION people_way_in_link(p_person bigint, p_hash bytea, p_expires timestamptz)
    RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE people_wayin SET link_hash = p_hash, expires_at = p_expires, misses = 0
        WHERE person_id = p_person AND used_at IS NULL
          AND (ends_at IS NULL OR ends_at > api.clock_now());
    RETURN FOUND;
END $$;
