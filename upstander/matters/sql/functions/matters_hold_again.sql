-- Questioning waits again for what had lifted it: that counts no more.
CREATE OR REPLACE FUNCTION matters_hold_again(p_by uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE matters_matterhold SET lifted_at = NULL WHERE by = p_by AND lifted_at IS NOT NULL
$$;
