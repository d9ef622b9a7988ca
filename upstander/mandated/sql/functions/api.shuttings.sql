-- Who is to be shut out, or was, with open reports: for whoever may decide that, or asked it. Names
-- and reasons are sealed as they lie.
CREATE OR REPLACE FUNCTION api.shuttings()
    RETURNS TABLE (id uuid, person_id bigint, person bytea, asked_by bigint, asker bytea,
                   asked_at timestamptz, reason bytea, taken boolean, agreer bytea,
                   done_at timestamptz, way text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.person_id, p.name, s.asked_by, asker.name, s.asked_at, s.reason, s.taken,
        agreer.name, s.done_at,
        CASE WHEN s.done_at IS NULL OR w.person_id IS NULL THEN ''
             WHEN w.ends_at <= api.clock_now() THEN 'over'
             WHEN w.used_at IS NOT NULL THEN 'used' ELSE 'waits' END
    FROM mandated_shutting s JOIN people_person p ON p.id = s.person_id
    LEFT JOIN people_person asker ON asker.id = s.asked_by
    LEFT JOIN people_person agreer ON agreer.id = s.agreed_by
    LEFT JOIN people_wayin w ON w.person_id = s.person_id AND w.since >= s.asked_at
    WHERE s.ended_at IS NULL
      AND (s.asked_by = api.scope_person() OR mandated_may_shut(p_person => s.person_id))
    ORDER BY s.asked_at DESC LIMIT 100
$$;

GRANT EXECUTE ON FUNCTION api.shuttings TO upstander_admin, upstander_school;
