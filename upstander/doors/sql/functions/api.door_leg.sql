-- A leg of ours that was rung, as its documents need it; what the provider calls it is kept, since
-- whoever rang it may have died before it knew. No row: there is none, or not at this provider.
CREATE OR REPLACE FUNCTION api.door_leg(p_leg uuid, p_provider text, p_sid bytea,
    p_answered boolean)
    RETURNS TABLE (kind text, state text, call_id uuid, call_state text, room text, line text,
        back boolean, keyed boolean, language text, own boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE doors_leg g SET sid = coalesce(g.sid, p_sid),
        state = CASE WHEN p_answered AND g.state = 'ringing' THEN 'answered' ELSE g.state END,
        todo = CASE WHEN g.todo = 'dial' THEN '' ELSE g.todo END
        WHERE g.id = p_leg AND g.provider = p_provider AND g.state <> 'over'
          AND (g.sid IS NULL OR g.todo = 'dial' OR (p_answered AND g.state = 'ringing'));
    RETURN QUERY SELECT g.kind::text, g.state::text, c.id, c.state::text, c.room::text,
            c.line::text, c.back, c.keyed, c.language::text, c.ear IS NOT DISTINCT FROM g.id
        FROM doors_leg g JOIN doors_call c ON c.id = g.call_id
        WHERE g.id = p_leg AND g.provider = p_provider;
END $$;

GRANT EXECUTE ON FUNCTION api.door_leg TO upstander_public;
