-- Whether the session's person works a team's cases, and doesn't only read one that was shared. Of
-- the tables' owner, who has no session, nothing is asked.
CREATE OR REPLACE FUNCTION cases_of_team(p_team bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_person() IS NULL
        OR 'team:' || p_team = ANY ((SELECT api.scope_holders())::text[])
$$;
