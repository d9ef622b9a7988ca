-- Matters that nothing lies in any more.
CREATE OR REPLACE FUNCTION places_remove_matters(p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM places_matter WHERE id = ANY (p_matters)
$$;
