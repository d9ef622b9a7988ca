-- An answer ends the question, not what waits for it: a no counts once another has read why.
CREATE OR REPLACE FUNCTION mandated_answered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked SET answered_at = coalesce(answered_at, NEW.at), remind_at = NULL,
        climb_since = NEW.at, climbed = 0,
        climb_at = CASE WHEN mandated_standing(id) IN ('silent', 'waits')
            THEN NEW.at + interval '1 hour' END
        WHERE (tip_id = NEW.tip_id OR case_id = NEW.case_id) AND person_id = NEW.person_id
          AND (NEW.suspects OR new_turn = 0 OR mandated_answer_turn(NEW.id) >= new_turn);
    RETURN NULL;
END $$;
