CREATE OR REPLACE FUNCTION cases_closing_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases_case%ROWTYPE;
BEGIN
    SELECT * INTO c FROM cases_case WHERE id = NEW.case_id;
    IF NEW.state <> (CASE WHEN cases_of_life(c.id) THEN 'waiting' ELSE 'standing' END)
       OR NEW.reviewed_by IS NOT NULL OR NEW.disposition = '' OR c.state = 'closed'
       OR NEW.owner_id <> c.owner_id OR NOT cases_of_team(c.team_id) THEN
        RAISE EXCEPTION 'a case can''t be closed so' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
