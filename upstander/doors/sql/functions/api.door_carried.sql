-- The conversation that a number began on another provider's line, if this provider carried one of
-- its replies: on the phone the answer goes to the line from which that came. p_own: this
-- provider's lines.
CREATE OR REPLACE FUNCTION api.door_carried(p_marks bytea[], p_own text[], p_provider text)
    RETURNS TABLE (thread_id uuid, tip_id uuid, inbox_public bytea, language text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, d.tip_id, t.inbox_public, t.language::text FROM doors_thread d
        JOIN tips_tip t ON t.id = d.tip_id
        WHERE d.pseudonym = ANY (p_marks) AND d.line <> ALL (p_own)
          AND length(t.inbox_public) > 0
          AND d.last_at > api.clock_now() - interval '30 days'
          AND EXISTS (SELECT 1 FROM doors_textorder o WHERE o.thread_id = d.id
              AND o.provider = p_provider AND (o.state = 'sent' OR o.state = 'delivered'))
        ORDER BY d.last_at DESC LIMIT 1
$$;

GRANT EXECUTE ON FUNCTION api.door_carried TO upstander_public;
