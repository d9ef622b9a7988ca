-- Another code to come back with, in place of one that nobody was given yet: of a call that was
-- filed within the hour alone. NULL: there is none.
CREATE OR REPLACE FUNCTION tips_exchange_code(p_words bytea, p_lookup bytea, p_wrapped bytea)
    RETURNS boolean
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_returncode c SET lookup_id = p_lookup, wrapped = p_wrapped FROM tips_tip t
        WHERE c.lookup_id = p_words AND t.id = c.tip_id AND t.channel = 'voice'
          AND t.received_at > api.clock_now() - interval '1 hour'
        RETURNING true
$$;
