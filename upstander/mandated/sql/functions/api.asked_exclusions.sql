-- … and who of those that were asked may still know of the tip.
CREATE OR REPLACE FUNCTION api.asked_exclusions(p_matters uuid[]) RETURNS TABLE (matter uuid,
    exclusion bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.matter_id, uuid_send(b.bound_to) || b.person_mac FROM matters_exclusion b
    WHERE b.matter_id = ANY (p_matters)
$$;

GRANT EXECUTE ON FUNCTION api.asked_exclusions TO upstander_worker;
