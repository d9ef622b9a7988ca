-- A school has another name from now on. Who may say so, the caller has asked.
CREATE OR REPLACE FUNCTION places_rename_school(p_school bigint, p_name text) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE places_school s SET name = p_name WHERE s.id = p_school
$$;
