-- A second allegation about somebody: those who must know are told that there is one, never of whom.
CREATE OR REPLACE FUNCTION register_tell(p_entry uuid, p_district bigint, p_strengths smallint[],
    p_marks bytea[], p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM unnest(p_strengths, p_marks) AS n (strength, mark)
               JOIN register_mark m ON m.mark = n.mark AND m.district_id = p_district
               WHERE n.strength >= 2 AND m.strength >= 2 AND m.entry_id <> p_entry) THEN
        INSERT INTO carriers_notice (person_id, kind, detail, due_at)
            SELECT p, 'second_allegation', '{}', date_trunc('second', api.clock_now())
            FROM unnest(p_tell) p;
        PERFORM pg_notify('due', '');
    END IF;
END $$;
