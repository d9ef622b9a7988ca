-- A caller's leg has come out of its room, and nobody said why: perhaps the counselor has left. The
-- worker asks at once.
CREATE OR REPLACE FUNCTION api.door_call_out(p_call uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE doors_leg g SET asked_at = NULL FROM doors_call c
        WHERE c.id = p_call AND g.id = c.ear AND c.state = 'talking' AND g.state <> 'over';
    PERFORM pg_notify('due', '');
END $$;

GRANT EXECUTE ON FUNCTION api.door_call_out TO upstander_public;
