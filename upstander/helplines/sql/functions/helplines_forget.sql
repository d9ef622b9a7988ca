CREATE OR REPLACE FUNCTION helplines_forget(p_clients uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM helplines_partner p USING helplines_accompaniment c
    WHERE c.id = p.accompaniment_id AND c.client_id = ANY (p_clients);
    DELETE FROM helplines_accompaniment WHERE client_id = ANY (p_clients);
    DELETE FROM helplines_deadline WHERE client_id = ANY (p_clients);
    DELETE FROM helplines_note WHERE client_id = ANY (p_clients);
    DELETE FROM helplines_client WHERE id = ANY (p_clients)
$$;
