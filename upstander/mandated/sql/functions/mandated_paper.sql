-- A report was signed, or a file that proves it is kept: told by the app that keeps them.
CREATE OR REPLACE FUNCTION mandated_paper(p_duty uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE mandated_duty SET has_paper = true WHERE id = p_duty AND NOT has_paper
$$;
