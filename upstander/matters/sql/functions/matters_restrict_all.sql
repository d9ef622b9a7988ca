CREATE OR REPLACE FUNCTION matters_restrict_all(p_matter uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE matters_matter SET restricted = true
    WHERE NOT restricted AND id IN (SELECT matters_same_matter(p_matter)) AND EXISTS (
        SELECT 1 FROM matters_matter m WHERE m.restricted
            AND m.id IN (SELECT matters_same_matter(p_matter)))
$$;
