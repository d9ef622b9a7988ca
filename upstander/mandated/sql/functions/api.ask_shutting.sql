-- An administrator asks that somebody with open reports is shut out. Nothing happens to them yet:
-- whoever agrees is none from whom one of these is kept, so that any administrator may ask.
CREATE OR REPLACE FUNCTION api.ask_shutting(p_id uuid, p_person bigint, p_reason bytea)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now timestamptz := date_trunc('second', api.clock_now());
BEGIN
    IF NOT api.leaving_held(p_person => p_person)
       OR NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = p_person AND p.is_active) THEN
        RAISE EXCEPTION 'this is not to be asked' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO mandated_shutting (id, person_id, asked_by, asked_at, reason, taken, tell_at)
        VALUES (p_id, p_person, api.scope_person(), now, p_reason, false, now);
    PERFORM pg_notify('due', '');
END $$;

GRANT EXECUTE ON FUNCTION api.ask_shutting TO upstander_admin;
