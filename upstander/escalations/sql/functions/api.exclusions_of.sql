-- The worker leaves out whoever is excluded from a matter; it sees opaque codes, no names.
CREATE OR REPLACE FUNCTION api.exclusions_of(p_matter uuid) RETURNS bytea[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(uuid_send(bound_to) || person_mac), '{}')
    FROM matters_exclusion WHERE matter_id = p_matter
$$;

GRANT EXECUTE ON FUNCTION api.exclusions_of TO upstander_worker;
