CREATE OR REPLACE FUNCTION api.talk_hide(p_talk bytea, p_message uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH hidden AS (
        UPDATE tips_message m SET hidden = true FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now() AND m.tip_id = k.tip_id
          AND m.id = p_message
        RETURNING m.tip_id, m.district_id),
    noted AS (
        INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id,
            matter_id, detail)
        SELECT 'reporter', 'message hidden on their side', 'tip', h.tip_id::text, h.district_id,
            t.matter_id, '{}' FROM hidden h JOIN tips_tip t ON t.id = h.tip_id)
    SELECT EXISTS (SELECT 1 FROM hidden)
$$;

GRANT EXECUTE ON FUNCTION api.talk_hide TO upstander_public;
