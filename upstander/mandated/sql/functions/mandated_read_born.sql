-- A no is read by another of the same side, who was asked in its matter too and answered first;
-- once.
CREATE OR REPLACE FUNCTION mandated_read_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mandated_answer w JOIN mandated_asked a
            ON a.person_id = NEW.person_id AND (a.tip_id = w.tip_id OR a.case_id = w.case_id
                OR a.matter_id IN (SELECT mandated_matters(mandated_matters_of(p_answer => w.id))))
            WHERE w.id = NEW.answer_id AND w.district_id = NEW.district_id AND NOT w.suspects
              AND w.person_id <> NEW.person_id AND a.answered_at IS NOT NULL
              AND (w.audience = 'center')
                  = mandated_at_center(NEW.person_id, w.district_id)
              -- Whoever agrees has had the page before them on which it stands.
              AND (NOT NEW.agrees OR audit_opened(
                  p_kind => CASE WHEN w.case_id IS NULL THEN 'tip' ELSE 'case' END,
                  p_subject => coalesce(w.case_id, w.tip_id), p_person => NEW.person_id,
                  p_since => w.at))) THEN
        RAISE EXCEPTION 'a no is read by another who has answered'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
