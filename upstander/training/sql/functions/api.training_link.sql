-- What a link is good for, to whoever holds it: a due and its course; no row once it is over.
CREATE OR REPLACE FUNCTION api.training_link(p_link text)
    RETURNS TABLE (due bigint, course text, employee bigint, district bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, d.course, e.id, e.district_id
    FROM training_due d JOIN training_employee e ON e.id = d.employee_id
    WHERE d.link_hash = sha256(convert_to(p_link, 'UTF8')) AND d.expires_at > api.clock_now()
      AND d.used_at IS NULL AND d.met_by_id IS NULL AND d.ended_on IS NULL AND d.misses < 10
$$;

GRANT EXECUTE ON FUNCTION api.training_link TO upstander_signin;
