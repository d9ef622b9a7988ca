-- From the first who opens it questioning waits for a report (or for a reason that is written
-- down), whether or not anybody says "I suspect"; who reports on the matter already has answered.
CREATE OR REPLACE FUNCTION mandated_asked_begins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Whoever ends it waits for this question, or this one for the end.
    PERFORM mandated_lock(p_matters => ARRAY[NEW.matter_id]);
    IF NOT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.first_at IS NOT NULL
            AND d.matter_id IN (SELECT matters_same_matter(NEW.matter_id))
            AND mandated_protects(d.id)) THEN
        PERFORM matters_hold(p_matter => NEW.matter_id, p_by => coalesce(NEW.tip_id, NEW.case_id),
            p_at => NEW.asked_at);
    END IF;
    IF mandated_standing(NEW.id) = 'reports' THEN
        UPDATE mandated_asked SET answered_at = asked_at, remind_at = NULL, climb_at = NULL
            WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
