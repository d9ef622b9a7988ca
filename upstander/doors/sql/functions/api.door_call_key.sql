-- A caller pressed a key: from now on somebody is there, whatever else becomes of it, and even if
-- the news that they hung up came first. p_language: the one that they chose, '' for none.
CREATE OR REPLACE FUNCTION api.door_call_key(p_call uuid, p_language text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
    over boolean;
BEGIN
    UPDATE doors_call SET keyed = true,
        language = CASE WHEN p_language <> '' THEN p_language ELSE language END
        WHERE id = p_call RETURNING tip_id, ended_at IS NOT NULL INTO of_tip, over;
    IF over THEN
        PERFORM tips_there_after_all(p_tip => of_tip);
        PERFORM pg_notify('tips', of_tip::text);
        RETURN false;
    END IF;
    IF of_tip IS NOT NULL AND p_language <> '' THEN
        PERFORM tips_speaks(p_tip => of_tip, p_language => p_language);
    END IF;
    RETURN of_tip IS NOT NULL;
END $$;

GRANT EXECUTE ON FUNCTION api.door_call_key TO upstander_public;
