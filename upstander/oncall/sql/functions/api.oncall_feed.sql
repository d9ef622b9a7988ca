-- A person's own plans by their secret calendar link: its hash is all that is asked and kept.
CREATE OR REPLACE FUNCTION api.oncall_feed(p_hash bytea, p_from timestamptz, p_to timestamptz)
    RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('person', f.person_id, 'plans', api.oncall_plans(
        p_teams => ARRAY(SELECT m.team_id FROM people_membership m WHERE m.person_id = f.person_id),
        p_from => p_from, p_to => p_to))
    FROM oncall_feed f JOIN people_person p ON p.id = f.person_id AND p.is_active
    WHERE f.token_hash = p_hash
$$;

GRANT EXECUTE ON FUNCTION api.oncall_feed TO upstander_signin;
