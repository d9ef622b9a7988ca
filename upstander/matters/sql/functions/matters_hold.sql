-- Questioning on this matter waits, until what asked for it lifts it.
CREATE OR REPLACE FUNCTION matters_hold(p_matter uuid, p_by uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO matters_matterhold (matter_id, by, since, passed_by)
        VALUES (p_matter, p_by, p_at, '{}') ON CONFLICT (by) DO NOTHING
$$;
