-- The worker reminds: it learns whom and of which case, and nothing of what is to be done. Whoever
-- the matter excludes, or whose share ran out, is not told; it then goes to whoever leads the case.
CREATE OR REPLACE FUNCTION api.case_reminders(p_limit integer)
    RETURNS TABLE (action uuid, owner bigint, lead bigint, reference text, follow_up boolean,
        reminded integer, exclusions bytea[], holders text[], opened_by bigint,
        folder uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.owner_id, c.owner_id, c.reference::text, a.closing_id IS NOT NULL, a.reminded,
        (SELECT coalesce(array_agg(uuid_send(b.bound_to) || b.person_mac), '{}')
            FROM matters_exclusion b
         WHERE b.matter_id = c.matter_id),
        (SELECT coalesce(array_agg(g.holder::text), '{}') FROM matters_foldergrant g
         WHERE g.folder_id = a.folder_id
           AND (g.until IS NULL OR g.until > api.clock_now())),
        (SELECT f.opened_by FROM matters_folder f WHERE f.id = a.folder_id), a.folder_id
    FROM cases_caseaction a JOIN cases_case c ON c.id = a.case_id
    WHERE a.remind_at <= api.clock_now() ORDER BY a.remind_at, a.id LIMIT p_limit
    FOR UPDATE OF a SKIP LOCKED
$$;

GRANT EXECUTE ON FUNCTION api.case_reminders TO upstander_worker;
