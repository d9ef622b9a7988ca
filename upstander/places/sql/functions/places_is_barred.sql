-- Whether a matter's bars name whoever has this code.
CREATE OR REPLACE FUNCTION places_is_barred(p_matter uuid, p_mac bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = p_matter
                   AND b.person_mac = places_bound(p_mac, b.bound_to))
$$;
