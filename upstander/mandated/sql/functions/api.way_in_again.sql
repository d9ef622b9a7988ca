-- A link to the way in of somebody who was shut out, by whoever may decide that: nobody alone can
-- keep it from them. Returns where they get mail (the account's address; ways of their own, sealed
-- as they lie); no row: they have taken it up, or there is none.
CREATE OR REPLACE FUNCTION api.way_in_again(p_id uuid, p_hash bytea, p_expires timestamptz)
    RETURNS TABLE (email text, ways bytea[])
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who bigint;
BEGIN
    SELECT s.person_id INTO who FROM mandated_shutting s
        WHERE s.id = p_id AND s.done_at IS NOT NULL AND NOT s.taken
          AND mandated_may_shut(p_person => s.person_id);
    IF who IS NULL OR NOT people_way_in_link(p_person => who, p_hash => p_hash,
        p_expires => p_expires) THEN RETURN;
    END IF;
    RETURN QUERY SELECT p.email::text, ARRAY(SELECT c.address FROM carriers_contactmethod c
            WHERE c.person_id = p.id AND c.kind = 'email' AND c.verified_at IS NOT NULL
              AND c.broken_at IS NULL)
        FROM people_person p WHERE p.id = who;
END $$;

GRANT EXECUTE ON FUNCTION api.way_in_again TO upstander_admin, upstander_school;
