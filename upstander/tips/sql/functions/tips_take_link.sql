-- Uses up the link by which an adult takes down what a child said. Of two at once one wins; the
-- same form sent again (its return code is there) has what it had. Whoever made the link is kept
-- out of the matter that comes of it, but where nobody else at the center could read it.
CREATE OR REPLACE FUNCTION tips_take_link(p_link text, p_lookup bytea, p_center bigint,
    OUT taken boolean, OUT matter uuid, OUT mark bytea)
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found tips_adultlink;
BEGIN
    SELECT l.* INTO found FROM tips_adultlink l
        WHERE l.link_hash = sha256(convert_to(p_link, 'UTF8')) FOR UPDATE;
    taken := found.id IS NOT NULL AND found.used_at IS NULL AND tips_link_stands(found);
    IF NOT taken THEN
        taken := EXISTS (SELECT 1 FROM tips_returncode c WHERE c.lookup_id = p_lookup);
        RETURN;
    END IF;
    IF found.own THEN
        DELETE FROM tips_adultlink l WHERE l.id = found.id;
        matter := found.matter_id;
        RETURN;
    END IF;
    UPDATE tips_adultlink l SET used_at = l.expires_at, matter_id = NULL, kept_out = NULL
        WHERE l.id = found.id;
    IF EXISTS (SELECT 1 FROM people_membership m
               JOIN people_team t ON t.id = m.team_id JOIN people_person p ON p.id = m.person_id
               WHERE t.center_id = p_center AND m.person_id <> found.made_by AND p.is_active) THEN
        matter := found.matter_id;
        mark := found.kept_out;
    END IF;
END $$;
