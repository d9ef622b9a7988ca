-- These terms with all that are broader, each once, also where somebody made a circle of them.
CREATE OR REPLACE FUNCTION directory_broader(p_terms uuid[]) RETURNS SETOF directory_taxonomyterm
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE term AS (
        SELECT t.* FROM directory_taxonomyterm t WHERE t.id = ANY (p_terms)
        UNION SELECT t.* FROM term JOIN directory_taxonomyterm t ON t.id = term.parent_id
    ) SELECT * FROM term
$$;
