-- Whether tables have the shape in which counts leave: named groups of a whole, each count a whole
-- number of ten or more, and no more than the whole. What is hidden is null.
CREATE OR REPLACE FUNCTION editions_edition_fits(p_tables jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(p_tables) <> 'array' THEN false ELSE
        NOT jsonb_path_exists(p_tables,
            '$.** ? (@.type() == "number") ? (@ < 10 || @ != @.floor())')
        AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(p_tables) t (it)
            CROSS JOIN LATERAL (
                SELECT jsonb_build_array('all', t.it #> '{whole,0}', t.it #> '{whole,1}')
                UNION ALL SELECT jsonb_path_query(t.it, '$.groups[*]')) g (it)
            WHERE (jsonb_typeof(t.it -> 'name'), jsonb_typeof(t.it -> 'groups'),
                   jsonb_typeof(g.it), jsonb_typeof(g.it -> 0), jsonb_typeof(g.it -> 2))
                IS DISTINCT FROM ('string', 'array', 'array', 'string', 'object')
               OR coalesce(jsonb_typeof(g.it -> 1), 'none') NOT IN ('number', 'null')
               OR jsonb_path_exists(g.it -> 2, '$.* ? (@.type() != "number" && @ != null)')
               -- A part is more than what it is of; of what is hidden, than all together.
               OR jsonb_path_exists(g.it -> 1, '$ ? (@ > $of)',
                   jsonb_build_object('of', t.it #> '{whole,0}'))
               OR jsonb_path_exists(g.it -> 2, '$.* ? (@ > $of)', jsonb_build_object('of',
                   coalesce(nullif(g.it -> 1, 'null'), t.it #> '{whole,0}'))))
        END
$$;
