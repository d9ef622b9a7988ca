-- All the matters that are one with this, itself among them.
CREATE OR REPLACE FUNCTION matters_same_matter(p_matter uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
    SELECT p_matter
    UNION SELECT m.merged_into_id FROM matters_matter m
        WHERE m.id = p_matter AND m.merged_into_id IS NOT NULL
    UNION SELECT m.id FROM matters_matter m WHERE m.merged_into_id =
        (SELECT coalesce(own.merged_into_id, own.id) FROM matters_matter own
            WHERE own.id = p_matter)
$$;
