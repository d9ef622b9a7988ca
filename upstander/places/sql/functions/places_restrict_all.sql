CREATE OR REPLACE FUNCTION places_restrict_all(p_matter uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE places_matter SET restricted = true
    WHERE NOT restricted AND id IN (SELECT places_same_matter(p_matter)) AND EXISTS (
        SELECT 1 FROM places_matter m WHERE m.restricted
            AND m.id IN (SELECT places_same_matter(p_matter)))
$$;
