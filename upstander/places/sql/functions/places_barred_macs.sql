-- Whom of those whose codes are known in this transaction the bars of these matters name.
CREATE OR REPLACE FUNCTION places_barred_macs(p_matters uuid[]) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = public, pg_temp AS $$
    SELECT n.mac FROM places_near_macs() AS n (mac) WHERE EXISTS (
        SELECT 1 FROM places_matterbar b WHERE b.matter_id = ANY (p_matters)
          AND b.person_mac = places_bound(n.mac, b.bound_to))
$$;
