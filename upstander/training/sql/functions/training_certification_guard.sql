-- Whoever signs lists all who are late, and the superintendent each standing signature of a school.
CREATE OR REPLACE FUNCTION training_certification_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.employees, NEW.late_ids, true) <> (
        SELECT count(*)::integer, coalesce(array_agg(s.employee ORDER BY s.employee)
            FILTER (WHERE s.late), '{}'), coalesce(bool_and(s.seen_to), true)
        FROM training_standing(p_district => NEW.district_id, p_school => NEW.school_id) s)
       OR NEW.schools <> (SELECT coalesce(array_agg(c.id ORDER BY c.id), '{}') FROM (
            SELECT DISTINCT ON (school_id) id FROM training_certification
            WHERE district_id = NEW.district_id AND year = NEW.year AND school_id IS NOT NULL
              AND NEW.school_id IS NULL ORDER BY school_id, id DESC) c
        WHERE NOT EXISTS (SELECT 1 FROM training_finding f WHERE f.certification_id = c.id)) THEN
        RAISE EXCEPTION 'a certification lists everybody who is late, and each school that signed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
