-- What keeps somebody out as of now, a line each (places/protections.py): what a restore of an
-- older backup would undo, and sets again. Numbers, random ids and marks; no name.
CREATE OR REPLACE FUNCTION api.protections(p_since timestamptz) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT format('bar %s %s', b.matter_id, encode(b.person_mac, 'hex')) FROM places_matterbar b
    UNION ALL
    SELECT format('in %s %s %s', m.team_id, m.person_id, m.role) FROM places_membership m
    UNION ALL
    SELECT format('shut %s', p.id) FROM places_person p WHERE NOT p.is_active
    UNION ALL
    SELECT format('withdrawn %s %s', g.folder_id, g.holder) FROM places_foldergrant g
        WHERE g.withdrawn_at > p_since
    ORDER BY 1
$$;

GRANT EXECUTE ON FUNCTION api.protections TO upstander_worker;
