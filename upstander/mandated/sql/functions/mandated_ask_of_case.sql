-- The same of a case: of one about abuse, with a tip about it, or in whose matter somebody was
-- asked. Whoever was asked about one of its tips answers there.
CREATE OR REPLACE FUNCTION mandated_ask_of_case(p_case uuid, p_person bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mandated_asked (case_id, matter_id, district_id, school_id, center, person_id,
        asked_at, remind_at, reminded, climb_since, climb_at, climbed)
    SELECT c.id, c.matter_id, c.district_id, c.school_id, false, p_person,
        n.at, n.at + interval '20 minutes', 0, n.at, n.at + interval '1 hour', 0
    FROM cases_case c, (SELECT date_trunc('second', api.clock_now()) AS at) AS n
    WHERE c.id = p_case AND p_person IS NOT NULL AND mandated_of_abuse(p_case)
      AND NOT EXISTS (SELECT 1 FROM mandated_asked a WHERE a.person_id = p_person
          AND a.matter_id IN (SELECT mandated_matters(ARRAY(SELECT cases_matters(p_case)))))
    ON CONFLICT DO NOTHING
$$;
