-- What is closed is opened again before it is judged: a judgement asks questions that somebody
-- works on.
CREATE OR REPLACE FUNCTION triage_assessment_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- In the tip's own order: whoever closes it now is waited for.
    IF (SELECT t.state FROM tips_tip t WHERE t.id = NEW.tip_id FOR NO KEY UPDATE) = 'closed' THEN
        RAISE EXCEPTION 'a closed tip is opened again before it is judged'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
