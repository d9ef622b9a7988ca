CREATE OR REPLACE FUNCTION api.talk(p_talk bytea)
    RETURNS TABLE (tip_id uuid, district_id bigint, school_id bigint, state text, tile text,
        language text, ended boolean, disposition text, in_case text, received_at timestamptz,
        first_read boolean, sealed_seed bytea, messages jsonb, files jsonb,
        taken boolean, danger boolean, unread_again boolean, to_talk boolean, shared_for text,
        had_by text, by_phone boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE tips_talk SET ends_at = date_trunc('minute', api.clock_now()) + interval '31 minutes'
        WHERE token_hash = p_talk AND ends_at > api.clock_now()
          AND ends_at < api.clock_now() + interval '29 minutes';
    RETURN QUERY SELECT t.id, t.district_id, t.school_id, t.state::text, t.tile::text,
        t.language::text, t.ended_by_reporter, t.disposition::text, t.in_case::text, t.received_at,
        t.first_read_at IS NOT NULL, k.sealed_seed,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'author', m.author,
            'kind', m.kind, 'sealed', encode(m.sealed, 'hex'), 'at', m.at, 'hidden', m.hidden,
            'to_inbox', m.to_inbox)
            ORDER BY m.turn), '[]'::jsonb)
            FROM tips_message m WHERE m.tip_id = t.id),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'state', a.state,
            'sealed', encode(a.sealed, 'hex'), 'at', a.at, 'to_inbox', a.to_inbox) ORDER BY a.turn,
                a.at), '[]'::jsonb)
            FROM tips_attachment a WHERE a.tip_id = t.id),
        EXISTS (SELECT 1 FROM escalations_alert e
                WHERE e.subject_id = t.id AND e.stage = 'school' AND e.state = 'acknowledged'),
        t.priority = 'life_safety',
        CASE WHEN t.state = 'returned' THEN tips_unread_again(p_tip => t.id) ELSE false END,
        t.to_talk, t.shared_for::text,
        CASE WHEN t.state = 'handed_off' THEN coalesce(tips_had_by(p_tip => t.id), '') ELSE '' END,
        t.channel = 'voice' AND t.first_reply_at IS NOT NULL
    FROM tips_talk k JOIN tips_tip t ON t.id = k.tip_id
    WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
END $$;

GRANT EXECUTE ON FUNCTION api.talk TO upstander_public;
