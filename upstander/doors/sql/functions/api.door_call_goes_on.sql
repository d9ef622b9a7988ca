-- A caller has opened an earlier report by its code (p_talk: the session of it), in which what the
-- call was filed as goes on already (api.door_goes_on): their call is of that one from now on.
-- p_held: that session, for the answers that they give by keys; they have a code already.
CREATE OR REPLACE FUNCTION api.door_call_goes_on(p_call uuid, p_talk bytea, p_held bytea)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    earlier uuid;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT k.tip_id INTO earlier FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
    UPDATE doors_call c SET tip_id = t.id, district_id = t.district_id, held = p_held
        FROM tips_tip t, tips_tip own WHERE c.id = p_call AND t.id = earlier
          AND own.id = c.tip_id AND own.resent_from_id = t.id AND t.center_id = c.center_id
          AND c.state = 'waiting' AND length(p_held) < 4000;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Others may see that one than the call's own: whose phones ring is laid out anew.
    UPDATE doors_leg SET state = 'over', how = 'again', ended_at = now_, due_at = now_,
        todo = CASE WHEN sid IS NULL THEN '' ELSE 'end' END
        WHERE call_id = p_call AND state <> 'over';
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', earlier::text);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_call_goes_on TO upstander_public;
