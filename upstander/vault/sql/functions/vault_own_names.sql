-- Under which names tips were granted to whoever has this code: another in each tip.
CREATE OR REPLACE FUNCTION vault_own_names(p_mac bytea) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT DISTINCT g.holder::text FROM vault_grant g WHERE g.holder LIKE 'own:%'
        AND g.holder = 'own:' || encode(sha256(p_mac || uuid_send(g.tip_id)), 'hex')
$$;
