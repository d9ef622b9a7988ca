CREATE OR REPLACE FUNCTION mandated_forget_consults(p_consults uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM mandated_consult WHERE id = ANY (p_consults)
$$;
