-- Questioning need not wait any more for what asked for it.
CREATE OR REPLACE FUNCTION matters_lift_hold(p_by uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE matters_matterhold SET lifted_at = p_at WHERE by = p_by AND lifted_at IS NULL
$$;
