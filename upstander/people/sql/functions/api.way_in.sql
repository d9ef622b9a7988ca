-- Whose way in an open link is, to somebody who holds it; NULL when it is over.
CREATE OR REPLACE FUNCTION api.way_in(p_link text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.person_id FROM people_wayin w
    WHERE w.link_hash = sha256(convert_to(p_link, 'UTF8')) AND w.used_at IS NULL
      AND w.expires_at > api.clock_now() AND w.misses < 10
      AND (w.ends_at IS NULL OR w.ends_at > api.clock_now())
      AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = w.person_id)
$$;

GRANT EXECUTE ON FUNCTION api.way_in TO upstander_signin;
