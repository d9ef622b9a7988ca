-- Each employee of a school (NULL: of none) today; whether they are late, and seen to today.
CREATE OR REPLACE FUNCTION training_standing(p_district bigint, p_school bigint)
    RETURNS TABLE (employee bigint, late boolean, seen_to boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, EXISTS (SELECT 1 FROM training_due d WHERE d.employee_id = e.id
            AND d.met_by_id IS NULL AND d.ended_on IS NULL AND d.due_on < t.today),
        coalesce(e.renewed_on >= t.today, false)
    FROM training_employee e, training_today(p_district) AS t (today)
    WHERE e.district_id = p_district AND e.school_id IS NOT DISTINCT FROM p_school
      AND e.hired_on <= t.today AND coalesce(e.left_on >= t.today, true)
$$;
