CREATE OR REPLACE FUNCTION api.talk_add(p_talk bytea, p_message uuid, p_kind text, p_sealed bytea)
    RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id, t.matter_id, t.state, t.turns INTO of_tip FROM tips_talk k
        JOIN tips_tip t ON t.id = k.tip_id
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() FOR UPDATE OF t;
    IF of_tip.id IS NULL OR p_kind NOT IN ('text', 'answers') OR length(p_sealed) > 70000 THEN
        RETURN NULL;
    END IF;
    INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn, hidden)
        VALUES (p_message, of_tip.id, of_tip.district_id, 'reporter', p_kind, p_sealed, at,
                of_tip.turns + 1, false)
        ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN at;
    END IF;
    UPDATE tips_tip SET changed_at = at, waiting_since = coalesce(waiting_since, at),
        ended_by_reporter = false, turns = turns + 1,
        state = CASE WHEN state = 'closed' THEN 'returned' ELSE state END
        WHERE id = of_tip.id;
    IF p_kind = 'text' THEN
        PERFORM escalations_tell(p_subject => of_tip.id, p_kind => 'wrote', p_at => at);
    END IF;
    PERFORM audit_record(p_actor_kind => 'reporter', p_action => 'message added',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_detail => jsonb_build_object('kind', p_kind));
    RETURN at;
END $$;

GRANT EXECUTE ON FUNCTION api.talk_add TO upstander_public;
