-- What keeps somebody out as of now, a line each (matters/protections.py): what a restore of an
-- older backup would undo, and sets again. Numbers, random ids and marks; no name.
CREATE OR REPLACE FUNCTION api.protections(p_since timestamptz) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT format('exclusion %s %s %s', b.matter_id, b.bound_to, encode(b.person_mac, 'hex'))
        FROM matters_exclusion b
    UNION ALL
    SELECT format('in %s %s %s', m.team_id, m.person_id, m.role) FROM people_membership m
    UNION ALL
    SELECT format('shut %s', p.id) FROM people_person p WHERE NOT p.is_active
    UNION ALL
    SELECT DISTINCT format('withdrawn %s %s', t.folder_id, t.holder) FROM matters_takenback t
        WHERE t.at > p_since AND NOT EXISTS (SELECT 1 FROM matters_foldergrant g
            WHERE g.folder_id = t.folder_id AND g.holder = t.holder)
    ORDER BY 1
$$;

GRANT EXECUTE ON FUNCTION api.protections TO upstander_worker;
