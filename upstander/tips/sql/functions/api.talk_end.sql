CREATE OR REPLACE FUNCTION api.talk_end(p_talk bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip record;
BEGIN
    UPDATE tips_tip t SET ended_by_reporter = true,
        changed_at = date_trunc('second', api.clock_now())
    FROM tips_talk k WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now()
      AND t.id = k.tip_id RETURNING t.id, t.district_id, t.matter_id INTO of_tip;
    DELETE FROM tips_talk WHERE token_hash = p_talk;
    IF of_tip.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'conversation ended by reporter',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.talk_end TO upstander_public;
