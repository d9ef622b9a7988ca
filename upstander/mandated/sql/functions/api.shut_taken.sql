-- Somebody else has this account: it is shut at once, by one administrator, and no way in is kept.
-- Its owner's reports stay open; who is told of them, the worker sees to.
CREATE OR REPLACE FUNCTION api.shut_taken(p_id uuid, p_person bigint, p_reason bytea, p_mac bytea)
    RETURNS TABLE (duty uuid, matter uuid, district bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now timestamptz := date_trunc('second', api.clock_now());
BEGIN
    IF NOT api.scope_is_admin() OR NOT mandated_may_shut(p_person => p_person) THEN
        RAISE EXCEPTION 'this is not to be done' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE mandated_shutting x SET ended_at = now, tell_at = NULL
        WHERE x.person_id = p_person AND x.done_at IS NULL AND x.ended_at IS NULL;
    INSERT INTO mandated_shutting (id, person_id, asked_by, asked_at, reason, taken)
        VALUES (p_id, p_person, api.scope_person(), now, p_reason, true);
    RETURN QUERY SELECT o.duty, o.matter, o.district
        FROM mandated_open_of(p_person => p_person) o;
    PERFORM people_shut_out(p_person => p_person, p_mac => p_mac);
    UPDATE mandated_shutting x SET done_at = now, tell_at = now WHERE x.id = p_id;
    PERFORM pg_notify('due', '');
END $$;

GRANT EXECUTE ON FUNCTION api.shut_taken TO upstander_admin;
