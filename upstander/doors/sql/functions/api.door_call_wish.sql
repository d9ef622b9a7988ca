-- A caller wishes to be called back (doors_wish).
CREATE OR REPLACE FUNCTION api.door_call_wish(p_call uuid, p_wish uuid, p_number bytea)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT c.* INTO one FROM doors_call c WHERE c.id = p_call AND c.ended_at IS NULL;
    IF one.id IS NULL THEN
        RETURN false;
    END IF;
    RETURN doors_wish(p_tip => one.tip_id, p_wish => p_wish, p_line => one.line,
        p_provider => one.provider, p_language => one.language, p_number => p_number);
END $$;

GRANT EXECUTE ON FUNCTION api.door_call_wish TO upstander_public;
