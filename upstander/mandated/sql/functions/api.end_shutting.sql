-- The second person refuses, or whoever asked takes it back: nothing was done, and nothing is.
CREATE OR REPLACE FUNCTION api.end_shutting(p_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_shutting s SET ended_at = date_trunc('second', api.clock_now()), tell_at = NULL
        WHERE s.id = p_id AND s.done_at IS NULL AND s.ended_at IS NULL
          AND (s.asked_by = api.scope_person() OR mandated_may_shut(p_person => s.person_id));
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.end_shutting TO upstander_admin, upstander_school;
