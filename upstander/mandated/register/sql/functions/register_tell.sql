-- A second allegation about somebody: those who must know are told that there is one, never of
-- whom.
CREATE OR REPLACE FUNCTION register_tell(p_entry uuid, p_district bigint, p_strengths smallint[],
    p_marks bytea[], p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM unnest(p_strengths, p_marks) AS n (strength, mark)
               JOIN register_mark m ON m.mark = n.mark AND m.district_id = p_district
               WHERE n.strength >= 2 AND m.strength >= 2 AND m.entry_id <> p_entry) THEN
        PERFORM carriers_notify(p_people => p_tell, p_kind => 'second_allegation',
            p_detail => '{}');
    END IF;
END $$;
