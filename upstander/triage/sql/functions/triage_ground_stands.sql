-- A talk goes to others on one of three grounds, and each must be there when it is named: that the
-- reporter wrote after the center had asked them; that a person judged a life to be in danger; or
-- that somebody has begun their own duty to report of this talk itself: one of another tip that was
-- linked with it says nothing of whoever wants to talk here. What the reporter answered only a
-- person reads.
CREATE OR REPLACE FUNCTION triage_ground_stands() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT NEW.to_talk OR NOT (CASE NEW.shared_for
        WHEN 'yes' THEN EXISTS (
            SELECT 1 FROM tips_message a JOIN tips_message b ON b.tip_id = a.tip_id
            WHERE a.tip_id = NEW.id AND a.author = 'center' AND a.kind = 'text'
              AND b.author = 'reporter' AND b.kind = 'text' AND b.turn > a.turn)
        WHEN 'danger' THEN NEW.rank = 0 AND EXISTS (
            SELECT 1 FROM triage_assessment a
            WHERE a.tip_id = NEW.id AND a.priority = 'life_safety')
        WHEN 'duty' THEN EXISTS (
            SELECT 1 FROM mandated_duty d WHERE d.tip_id = NEW.id)
        ELSE false END) THEN
        RAISE EXCEPTION 'this ground to share a talk does not stand'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
