-- A wish to be called ends, and its number goes: 'talked' (they have talked), 'taken_back' (by its
-- reporter), 'unreached' (its day is over, or their phone rang four times). Only that stays. Of
-- the last one whoever has the tip hears as of a message: a child waits for a person.
CREATE OR REPLACE FUNCTION doors_wish_ends(p_tip uuid, p_how text) RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    UPDATE doors_callback SET number = NULL, ended_at = now_, how = p_how
        WHERE tip_id = p_tip AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT t.id, t.district_id, t.matter_id INTO of_tip FROM tips_tip t WHERE t.id = p_tip;
    IF p_how <> 'talked' THEN
        PERFORM audit_record(
            p_actor_kind => CASE WHEN p_how = 'unreached' THEN 'system' ELSE 'reporter' END,
            p_action => CASE WHEN p_how = 'unreached' THEN 'call back not reached'
                ELSE 'call back taken back' END,
            p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
            p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
            p_detail => '{}'::jsonb);
    END IF;
    IF p_how = 'unreached' THEN
        PERFORM escalations_tell(p_subject => p_tip, p_kind => 'wrote', p_at => now_);
    END IF;
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', p_tip::text);
    RETURN true;
END $$;
