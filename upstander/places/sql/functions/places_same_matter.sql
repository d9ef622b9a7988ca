-- All the matters that are one with this, itself among them.
CREATE OR REPLACE FUNCTION places_same_matter(p_matter uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = public, pg_temp AS $$
    SELECT p_matter
    UNION SELECT m.merged_into_id FROM places_matter m
        WHERE m.id = p_matter AND m.merged_into_id IS NOT NULL
    UNION SELECT m.id FROM places_matter m WHERE m.merged_into_id =
        (SELECT coalesce(own.merged_into_id, own.id) FROM places_matter own WHERE own.id = p_matter)
$$;
