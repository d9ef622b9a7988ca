-- A picture was fetched and stored, or can't be: either way the conversation says so. Where it
-- takes no more files (false), that is said in it once, as a turn; NULL: the picture is not known.
CREATE OR REPLACE FUNCTION api.door_attach(p_picture uuid, p_sealed bytea, p_full uuid,
    p_full_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    DELETE FROM doors_picture p WHERE p.id = p_picture RETURNING p.tip_id INTO of_tip;
    IF of_tip IS NULL THEN
        RETURN NULL;
    END IF;
    IF tips_attach(p_tip => of_tip, p_attachment => p_picture, p_sealed => p_sealed,
        p_to_inbox => true) THEN
        RETURN true;
    END IF;
    PERFORM tips_add(p_tip => of_tip, p_message => p_full, p_kind => 'text',
        p_sealed => p_full_sealed, p_to_inbox => true);
    RETURN false;
END $$;

GRANT EXECUTE ON FUNCTION api.door_attach TO upstander_worker;
