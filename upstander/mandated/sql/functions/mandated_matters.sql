-- These matters with all that are one with any of them.
CREATE OR REPLACE FUNCTION mandated_matters(p_matters uuid[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.id FROM unnest(p_matters) AS m (id),
        LATERAL matters_same_matter(m.id) AS s (id)
$$;
