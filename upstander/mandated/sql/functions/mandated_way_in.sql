-- How long a way in of somebody who left stays open: while a report of theirs is not finished, and
-- 30 days more in which to fetch its proofs (our own span, no law's).
CREATE OR REPLACE FUNCTION mandated_way_in(p_person bigint) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT people_way_in_ends(p_person => p_person, p_at => CASE
        WHEN EXISTS (SELECT 1 FROM mandated_open_of(p_person => p_person)) THEN NULL
        ELSE api.clock_now() + interval '30 days' END)
$$;
