-- Counts that a caller keyed in a code; whether one more was allowed: three in a call are.
CREATE OR REPLACE FUNCTION api.door_call_try(p_call uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE doors_call SET code_tries = code_tries + 1
        WHERE id = p_call AND ended_at IS NULL AND code_tries < 3 RETURNING true
$$;

GRANT EXECUTE ON FUNCTION api.door_call_try TO upstander_public;
