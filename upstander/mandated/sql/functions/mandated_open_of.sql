-- Somebody's own reports that are not finished: one of the two is owed, or something later that is
-- theirs to do.
CREATE OR REPLACE FUNCTION mandated_open_of(p_person bigint)
    RETURNS TABLE (duty uuid, matter uuid, district bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, d.matter_id, d.district_id FROM mandated_duty d
    WHERE d.person_id = p_person AND (d.written_at IS NULL OR EXISTS (
        SELECT 1 FROM mandated_deadline l WHERE l.duty_id = d.id AND l.owner = 'reporter'
          AND l.met_at IS NULL))
$$;
