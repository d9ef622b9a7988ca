-- A call back that was picked up, as its documents need it (`api.door_call`); what the provider
-- calls it is kept, since whoever rang it may have died before it knew. p_pressed: they pressed 1,
-- and come in; their wish stands until the two have talked. No row: there is none, or not at this
-- provider.
CREATE OR REPLACE FUNCTION api.door_back(p_call uuid, p_provider text, p_sid bytea,
    p_pressed boolean)
    RETURNS TABLE (call_id uuid, tip_id uuid, district_id bigint, state text, language text,
        line text, room text, held_for real)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
BEGIN
    UPDATE doors_call c SET sid = coalesce(c.sid, p_sid), heard_at = now_, number = NULL,
        todo = CASE WHEN c.todo = 'dial' THEN '' ELSE c.todo END,
        state = CASE WHEN p_pressed AND c.state = 'calling' THEN 'talking' ELSE c.state END,
        met_at = CASE WHEN p_pressed AND c.state = 'calling' THEN now_ ELSE c.met_at END,
        keyed = c.keyed OR p_pressed
        WHERE c.id = p_call AND c.back AND c.provider = p_provider AND c.ended_at IS NULL
          AND (c.ear IS NOT NULL OR c.keyed);
    IF FOUND AND p_pressed THEN
        PERFORM pg_notify('tips', c.tip_id::text) FROM doors_call c WHERE c.id = p_call;
    END IF;
    RETURN QUERY SELECT c.id, c.tip_id, c.district_id, c.state::text, c.language::text,
            c.line::text, c.room::text,
            coalesce(extract(epoch FROM api.clock_now() - c.held_at), 0)::real
        FROM doors_call c WHERE c.id = p_call AND c.back AND c.provider = p_provider;
END $$;

GRANT EXECUTE ON FUNCTION api.door_back TO upstander_public;
