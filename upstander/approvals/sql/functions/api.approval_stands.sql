-- Whether whoever asked for something, and whoever agreed to it, are still in a team: what somebody
-- asked or agreed to who was shut out since is void.
CREATE OR REPLACE FUNCTION api.approval_stands(p_approval uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM approvals_approval a,
            unnest(ARRAY[a.asked_by, a.decided_by]) AS who (id)
        WHERE a.id = p_approval AND who.id IS NOT NULL AND NOT EXISTS (SELECT 1
            FROM people_membership m JOIN people_person p ON p.id = m.person_id AND p.is_active
            WHERE m.person_id = who.id))
$$;

GRANT EXECUTE ON FUNCTION api.approval_stands TO upstander_admin, upstander_center,
    upstander_district, upstander_police, upstander_school;
