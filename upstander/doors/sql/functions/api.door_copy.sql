-- A picture is a copy of its own: not every provider deletes it with its text.
CREATE OR REPLACE FUNCTION api.door_copy(p_provider text, p_ref text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT doors_copy(p_provider => p_provider, p_ref => p_ref)
$$;

GRANT EXECUTE ON FUNCTION api.door_copy TO upstander_public;
