-- Which facts of the States' rules stand confirmed, for the reporters' site: not by whom.
CREATE OR REPLACE FUNCTION api.law_confirmations() RETURNS TABLE (id bigint, rule_set text,
    fact text, digest text, stands boolean, person_id bigint, at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.rule_set, c.fact, c.digest, c.stands, 0::bigint, c.at
    FROM mandated_confirmation c
$$;

GRANT EXECUTE ON FUNCTION api.law_confirmations TO upstander_public;
