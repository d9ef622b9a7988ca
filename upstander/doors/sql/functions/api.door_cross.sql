-- Somebody has come over to the website: the digits are used up, the conversation has new words to
-- come back with, and a session of it begins.
CREATE OR REPLACE FUNCTION api.door_cross(p_bridge bytea, p_lookup bytea, p_page bytea,
    p_wrapped bytea, p_talk bytea, p_seed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    DELETE FROM doors_bridge b WHERE b.lookup_id = p_bridge AND b.ends_at > api.clock_now()
        RETURNING b.tip_id, b.district_id INTO of_tip;
    IF of_tip.tip_id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM tips_new_code(p_tip => of_tip.tip_id, p_lookup => p_lookup, p_page => p_page,
        p_wrapped => p_wrapped, p_talk => p_talk, p_seed => p_seed);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_cross TO upstander_public;
