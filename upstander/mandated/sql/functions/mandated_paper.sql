-- A report was signed, or a file that proves it is kept: told by the app that keeps them. Signed
-- after it is said to have been sent, it was not in time for certain: its month counts anew.
CREATE OR REPLACE FUNCTION mandated_paper(p_duty uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mandated_duty SET has_paper = true WHERE id = p_duty AND NOT has_paper;
    SELECT mandated_changed(d.district_id, d.month) FROM mandated_duty d
        WHERE d.id = p_duty AND d.written_at IS NOT NULL
$$;
