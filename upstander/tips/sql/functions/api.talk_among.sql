-- Which of many lookup ids (32 bytes each, one after the other) opens something; no row: none.
-- The presses of a phone's keys mean many codes at once.
CREATE OR REPLACE FUNCTION api.talk_among(p_lookups bytea) RETURNS TABLE (lookup_id bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.lookup_id FROM tips_returncode c WHERE c.lookup_id = ANY (ARRAY(
        SELECT substring(p_lookups FROM 32 * n + 1 FOR 32)
        FROM generate_series(0, least(length(p_lookups) / 32, 10000) - 1) AS n))
    ORDER BY 1 LIMIT 1
$$;

GRANT EXECUTE ON FUNCTION api.talk_among TO upstander_public;
