-- A turn of the conversation from its reporter, by whatever door, written once. It wakes who waits
-- for news, and brings what was closed back to the center.
CREATE OR REPLACE FUNCTION tips_add(p_tip uuid, p_message uuid, p_kind text, p_sealed bytea,
    p_to_inbox boolean) RETURNS timestamptz
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    SELECT t.id, t.district_id, t.matter_id, t.turns INTO of_tip FROM tips_tip t
        WHERE t.id = p_tip FOR UPDATE;
    IF of_tip.id IS NULL OR p_kind NOT IN ('text', 'answers') OR length(p_sealed) > 70000 THEN
        RETURN NULL;
    END IF;
    INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn, hidden,
            to_inbox)
        VALUES (p_message, of_tip.id, of_tip.district_id, 'reporter', p_kind, p_sealed, at,
                of_tip.turns + 1, false, p_to_inbox)
        ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN at;
    END IF;
    PERFORM tips_turned(p_tip => of_tip.id, p_at => at);
    IF p_kind = 'text' THEN
        PERFORM escalations_tell(p_subject => of_tip.id, p_kind => 'wrote', p_at => at);
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'message added',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_detail => jsonb_build_object('kind', p_kind));
    RETURN at;
END $$;
