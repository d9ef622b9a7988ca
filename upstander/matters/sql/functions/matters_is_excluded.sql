-- Whether a matter's exclusions name whoever has this code.
CREATE OR REPLACE FUNCTION matters_is_excluded(p_matter uuid, p_mac bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM matters_exclusion b WHERE b.matter_id = p_matter
                   AND b.person_mac = matters_bound(p_mac, b.bound_to))
$$;
