-- Read and agreed to it counts; else whoever said it is asked again, and the clock begins anew.
CREATE OR REPLACE FUNCTION mandated_read() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked a SET climb_at = NULL FROM mandated_answer w
        WHERE w.id = NEW.answer_id AND a.person_id = w.person_id
          AND (a.tip_id = w.tip_id OR a.case_id = w.case_id)
          AND mandated_standing(a.id) NOT IN ('silent', 'waits');
    UPDATE mandated_asked a SET answered_at = NULL, remind_at = NEW.at + interval '20 minutes',
        climb_since = NEW.at, climbed = 0, climb_at = NEW.at + interval '1 hour'
        FROM mandated_answer w
        WHERE w.id = NEW.answer_id AND a.person_id = w.person_id
          AND (a.tip_id = w.tip_id OR a.case_id = w.case_id) AND mandated_standing(a.id) = 'silent';
    RETURN NULL;
END $$;
