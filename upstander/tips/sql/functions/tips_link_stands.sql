-- Whether a link has time left, and whoever made it is still on some team. Whether it was used is
-- another question: who opens it is not told, since its maker may look.
CREATE OR REPLACE FUNCTION tips_link_stands(p_link tips_adultlink) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT (p_link).expires_at > api.clock_now() AND EXISTS (
        SELECT 1 FROM people_membership m JOIN people_person p ON p.id = m.person_id
        WHERE p.id = (p_link).made_by AND p.is_active)
$$;
