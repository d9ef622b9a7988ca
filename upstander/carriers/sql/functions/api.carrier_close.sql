-- Somebody has it, or it has ended: a bare "1" means it no more.
CREATE OR REPLACE FUNCTION api.carrier_close(p_for uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE carriers_delivery SET open = false WHERE for_id = ANY (p_for) AND open
$$;

GRANT EXECUTE ON FUNCTION api.carrier_close
    TO upstander_center, upstander_district, upstander_school, upstander_worker;
