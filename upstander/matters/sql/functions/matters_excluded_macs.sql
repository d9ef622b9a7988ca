-- Whom of those whose codes are known in this transaction the exclusions of these matters name.
CREATE OR REPLACE FUNCTION matters_excluded_macs(p_matters uuid[]) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = public, pg_temp AS $$
    SELECT n.mac FROM matters_near_macs() AS n (mac) WHERE EXISTS (
        SELECT 1 FROM matters_exclusion b WHERE b.matter_id = ANY (p_matters)
          AND b.person_mac = matters_bound(n.mac, b.bound_to))
$$;
