CREATE OR REPLACE FUNCTION api.talk_hide(p_talk bytea, p_message uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hidden record;
BEGIN
    UPDATE tips_message m SET hidden = true FROM tips_talk k
    WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() AND m.tip_id = k.tip_id
      AND m.id = p_message
    RETURNING m.tip_id, m.district_id INTO hidden;
    IF hidden.tip_id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'message hidden on their side',
        p_subject_kind => 'tip', p_subject_id => t.id::text,
        p_district_id => hidden.district_id, p_matter_id => t.matter_id)
    FROM tips_tip t WHERE t.id = hidden.tip_id;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.talk_hide TO upstander_public;
