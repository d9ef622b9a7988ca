-- The opaque codes of people near a matter, where the desk has handed them in (`say_near`), the
-- session's own among them. The database keeps nobody's; with them it finds whom its rows name.
CREATE OR REPLACE FUNCTION matters_near_macs() RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
    SELECT api.scope_mac() WHERE api.scope_mac() IS NOT NULL
    UNION SELECT decode(n, 'hex') FROM unnest(string_to_array(
        nullif(current_setting('upstander.near', true), ''), ',')) AS n
        WHERE n ~ '^[0-9a-f]{64}$'
$$;
