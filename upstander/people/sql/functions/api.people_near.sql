-- Everybody who could come to see a matter of a district: whom a form must offer when it asks who
-- must not. The district's people of every kind (its police and its monitor too), those of the
-- center that serves it, and the administrators. None: of all the districts within view. Names
-- alone, with all by which somebody was known: whom a matter excludes already is not told here.
-- They are sealed as they lie.
CREATE OR REPLACE FUNCTION api.people_near(p_district bigint)
    RETURNS TABLE (person_id bigint, person bytea, role text, team_id bigint, team text, kind text,
                   district_id bigint, school_id bigint, known_as bytea, email text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.name, m.role, t.id, t.name, t.kind, t.district_id, t.school_id,
        p.known_as, p.email
    FROM people_membership m JOIN people_team t ON t.id = m.team_id
    JOIN people_person p ON p.id = m.person_id AND p.is_active
    CROSS JOIN LATERAL (
        SELECT array_agg(d.id) AS ids, array_agg(d.center_id) AS centers FROM places_district d
        WHERE d.id = ANY ((SELECT api.scope_districts())::bigint[])
          AND (p_district IS NULL OR d.id = p_district)) AS near
    WHERE near.ids IS NOT NULL AND (t.district_id = ANY (near.ids) OR t.kind = 'administration'
        OR t.center_id = ANY (near.centers))
    ORDER BY p.id, t.id
$$;

GRANT EXECUTE ON FUNCTION api.people_near
    TO upstander_center, upstander_district, upstander_school;
