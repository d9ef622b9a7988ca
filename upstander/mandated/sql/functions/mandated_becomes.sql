-- A tip that turns out to be about abuse: all who have opened it before are asked now, those too
-- who have left since.
CREATE OR REPLACE FUNCTION mandated_becomes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked timestamptz := date_trunc('second', api.clock_now());
BEGIN
    PERFORM mandated_ask(NEW.id, e.actor_id) FROM (
        SELECT DISTINCT o.actor_id FROM audit_entry o WHERE o.subject_kind = 'tip'
          AND o.subject_id = NEW.id::text AND o.action = 'tip opened' AND o.actor_id IS NOT NULL
        ORDER BY 1) AS e;
    INSERT INTO mandated_asked (tip_id, matter_id, district_id, school_id, center, person_id,
        asked_at, remind_at, reminded, climb_since, climb_at, climbed)
    SELECT DISTINCT NEW.id, NEW.matter_id, NEW.district_id, NEW.school_id, false, o.actor_id,
        asked, asked + interval '20 minutes', 0, asked, asked, 0
    FROM audit_entry o WHERE o.subject_kind = 'tip' AND o.subject_id = NEW.id::text
      AND o.action = 'tip opened' AND o.actor_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = o.actor_id)
    ON CONFLICT DO NOTHING;
    -- A case that holds it, or is of its matter, is one of abuse too.
    PERFORM mandated_cases_ask(p_matters => ARRAY(SELECT matters_same_matter(NEW.matter_id)));
    RETURN NULL;
END $$;
