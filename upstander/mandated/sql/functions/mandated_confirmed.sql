-- Whether an administrator has confirmed what a file says of the law, as it stands there now: what
-- permits something does nothing before. A digest says what it says; the last word counts.
CREATE OR REPLACE FUNCTION mandated_confirmed(p_rule_set text, p_fact text, p_digest text)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT c.stands AND c.digest = p_digest FROM mandated_confirmation c
        WHERE c.rule_set = p_rule_set AND c.fact = p_fact ORDER BY c.id DESC LIMIT 1), false)
$$;
