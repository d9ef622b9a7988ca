-- Removes what was sent for these, and what came back.
CREATE OR REPLACE FUNCTION carriers_remove(p_for uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM carriers_inbound WHERE for_id = ANY (p_for);
    DELETE FROM carriers_receipt WHERE delivery_id IN (
        SELECT d.id FROM carriers_delivery d WHERE d.for_id = ANY (p_for));
    DELETE FROM carriers_delivery WHERE for_id = ANY (p_for);
$$;
