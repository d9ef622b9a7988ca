-- A call's digits take the place of the words that its report was filed with (p_words: their lookup
-- id): one row, so that whatever takes the way back away takes it away.
CREATE OR REPLACE FUNCTION api.door_code(p_words bytea, p_lookup bytea, p_wrapped bytea)
    RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT tips_exchange_code(p_words => p_words, p_lookup => p_lookup, p_wrapped => p_wrapped)
$$;

GRANT EXECUTE ON FUNCTION api.door_code TO upstander_public;
