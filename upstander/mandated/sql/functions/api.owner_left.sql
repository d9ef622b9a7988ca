-- Which of these duties' owners were shut out while they were open, since when and why: for whoever
-- may know of the duty. A monitor learns when, and that it was; the reason names people.
CREATE OR REPLACE FUNCTION api.owner_left(p_duties uuid[])
    RETURNS TABLE (duty uuid, at timestamptz, taken boolean, reason bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ON (d.id) d.id, s.done_at, s.taken,
        CASE WHEN d.person_id = api.scope_person() OR api.holds_folder(d.folder_id)
             THEN s.reason END
    FROM mandated_duty d JOIN mandated_shutting s ON s.person_id = d.person_id
        AND s.done_at >= d.opened_at
        AND (d.written_recorded_at IS NULL OR d.written_recorded_at > s.done_at)
    WHERE d.id = ANY (p_duties) AND audit_proves_duty(d.id::text)
    ORDER BY d.id, s.done_at DESC
$$;

GRANT EXECUTE ON FUNCTION api.owner_left
    TO upstander_center, upstander_district, upstander_former, upstander_monitor, upstander_school;
