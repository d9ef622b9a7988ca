-- The second person agrees: at this moment the account is shut, and its owner keeps a way in to
-- their own reports. Of two at once one wins. Returns which reports they leave open.
CREATE OR REPLACE FUNCTION api.agree_shutting(p_id uuid, p_mac bytea)
    RETURNS TABLE (duty uuid, matter uuid, district bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now timestamptz := date_trunc('second', api.clock_now());
    s mandated_shutting%ROWTYPE;
BEGIN
    SELECT * INTO s FROM mandated_shutting x WHERE x.id = p_id FOR UPDATE;
    IF NOT FOUND OR s.done_at IS NOT NULL OR s.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'nothing to agree to' USING ERRCODE = 'no_data_found';
    END IF;
    IF s.asked_by = api.scope_person() OR NOT mandated_may_shut(p_person => s.person_id) THEN
        RAISE EXCEPTION 'this takes a second person' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE mandated_shutting x SET agreed_by = api.scope_person(), agreed_at = now
        WHERE x.id = p_id;
    RETURN QUERY SELECT o.duty, o.matter, o.district
        FROM mandated_open_of(p_person => s.person_id) o;
    PERFORM people_shut_out(p_person => s.person_id, p_mac => p_mac);
    PERFORM people_keep_way_in(p_person => s.person_id);
    UPDATE mandated_shutting x SET done_at = now, tell_at = now WHERE x.id = p_id;
    PERFORM mandated_way_in(p_person => s.person_id);
    PERFORM pg_notify('due', '');
END $$;

GRANT EXECUTE ON FUNCTION api.agree_shutting TO upstander_admin, upstander_school;
