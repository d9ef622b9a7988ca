-- Matters that nothing lies in any more.
CREATE OR REPLACE FUNCTION matters_remove_matters(p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM matters_matter WHERE id = ANY (p_matters)
$$;
