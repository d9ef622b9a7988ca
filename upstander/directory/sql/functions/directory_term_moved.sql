-- A term that has another name, lies elsewhere, is confidential or gone: so are its services, and
-- those of all that is narrower. Their own triggers see to it.
CREATE OR REPLACE FUNCTION directory_term_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE directory_service SET terms = terms WHERE terms && ARRAY(
        WITH RECURSIVE narrower AS (
            SELECT OLD.id UNION
            SELECT t.id FROM narrower JOIN directory_taxonomyterm t ON t.parent_id = narrower.id
        ) SELECT id FROM narrower);
    RETURN NULL;
END $$;
