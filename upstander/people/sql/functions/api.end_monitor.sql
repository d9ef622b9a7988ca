-- An administrator moves the end of a monitor's view: nearer, now, or on for up to a year.
CREATE OR REPLACE FUNCTION api.end_monitor(p_team bigint, p_person bigint,
    p_until timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT api.scope_is_admin() OR p_until IS NULL THEN
        RAISE EXCEPTION 'an administrator sets this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE people_membership SET until = p_until
        WHERE team_id = p_team AND person_id = p_person AND role = 'monitor';
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.end_monitor TO upstander_admin;
