-- The center's inbox of a tip that the session's person owes an answer to and reaches no more, as
-- it was sealed for their team when it was handed to them; the latest first.
CREATE OR REPLACE FUNCTION api.away_inbox(p_asked bigint)
    RETURNS TABLE (handoff_id uuid, sealed bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT h.id, h.sealed FROM mandated_asked a JOIN triage_handoff h ON h.tip_id = a.tip_id
    WHERE a.id = p_asked AND mandated_is_away(p_asked => a.id)
    ORDER BY h.at DESC, h.id
$$;

GRANT EXECUTE ON FUNCTION api.away_inbox TO upstander_district, upstander_school;
