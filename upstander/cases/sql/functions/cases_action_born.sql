-- When an action is due is computed here. Parents are told only once somebody was asked whether
-- their home is safe, each family for itself, and a closed case has follow-ups alone.
CREATE OR REPLACE FUNCTION cases_action_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases_case%ROWTYPE;
BEGIN
    SELECT * INTO c FROM cases_case WHERE id = NEW.case_id;
    IF NEW.kind = 'parents' AND c.home_asked_at IS NULL
       OR NEW.kind = 'their_parents' AND c.their_home_asked_at IS NULL
       OR NEW.kind = 'maker_parents' AND c.maker_home_asked_at IS NULL
       OR NEW.kind = 'aimed_parents' AND c.aimed_home_asked_at IS NULL THEN
        RAISE EXCEPTION 'first whether home is safe' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closing_id IS NULL AND c.state = 'closed' OR NEW.closing_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM cases_caseclosing k WHERE k.id = NEW.closing_id AND k.case_id = c.id
           AND k.state = 'standing') THEN
        RAISE EXCEPTION 'a closed case has follow-ups alone' USING ERRCODE = 'check_violation';
    END IF;
    NEW.due_at := NEW.from_at + make_interval(hours => NEW.within);
    RETURN NEW;
END $$;
