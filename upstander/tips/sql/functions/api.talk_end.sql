CREATE OR REPLACE FUNCTION api.talk_end(p_talk bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH ended AS (
        UPDATE tips_tip t SET ended_by_reporter = true,
            changed_at = date_trunc('second', api.clock_now())
        FROM tips_talk k WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now()
          AND t.id = k.tip_id RETURNING t.id, t.district_id, t.matter_id),
    gone AS (DELETE FROM tips_talk WHERE token_hash = p_talk),
    noted AS (
        INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id,
            matter_id, detail)
        SELECT 'reporter', 'conversation ended by reporter', 'tip', id::text, district_id,
            matter_id, '{}' FROM ended)
    SELECT EXISTS (SELECT 1 FROM ended)
$$;

GRANT EXECUTE ON FUNCTION api.talk_end TO upstander_public;
