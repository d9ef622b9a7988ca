-- A file of a dialog. One sent to a closed tip brings it back to the center, as a message does: it
-- may be the picture of what is about to happen. It takes a turn, as what is written does, so that
-- whoever answers something older has not answered it.
CREATE OR REPLACE FUNCTION tips_attach(p_tip uuid, p_attachment uuid, p_sealed bytea,
    p_to_inbox boolean) RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    SELECT t.id, t.district_id, t.matter_id, t.turns INTO of_tip FROM tips_tip t
        WHERE t.id = p_tip FOR UPDATE;
    IF of_tip.id IS NULL OR (SELECT count(*) FROM tips_attachment
        WHERE tip_id = of_tip.id) >= 40 THEN
        RETURN false;
    END IF;
    INSERT INTO tips_attachment (id, tip_id, district_id, state, sealed, at, turn, to_inbox)
        VALUES (p_attachment, of_tip.id, of_tip.district_id, 'ready', p_sealed, at,
            of_tip.turns + 1, p_to_inbox)
        ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    PERFORM tips_turned(p_tip => of_tip.id, p_at => at);
    PERFORM escalations_tell(p_subject => of_tip.id, p_kind => 'wrote', p_at => at);
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'file added',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_detail => jsonb_build_object('attachment', p_attachment));
    RETURN true;
END $$;
