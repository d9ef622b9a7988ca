-- All tips of these matters are about abuse from here on; what once was stays so.
CREATE OR REPLACE FUNCTION tips_of_abuse(p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET mandated = true WHERE matter_id = ANY (p_matters) AND NOT mandated
$$;
