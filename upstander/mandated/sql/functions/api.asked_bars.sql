-- … and who of those that were asked may still know of the tip.
CREATE OR REPLACE FUNCTION api.asked_bars(p_matters uuid[]) RETURNS TABLE (matter uuid, bar bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.matter_id, uuid_send(b.bound_to) || b.person_mac FROM places_matterbar b
    WHERE b.matter_id = ANY (p_matters)
$$;

GRANT EXECUTE ON FUNCTION api.asked_bars TO upstander_worker;
