-- This person may question before the hold is lifted.
CREATE OR REPLACE FUNCTION matters_pass_hold(p_by uuid, p_person bigint) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE matters_matterhold SET passed_by = passed_by || p_person WHERE by = p_by
$$;
