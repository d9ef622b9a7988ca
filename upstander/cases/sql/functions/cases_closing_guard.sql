CREATE OR REPLACE FUNCTION cases_closing_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.case_id, NEW.district_id, NEW.disposition, NEW.owner_id, NEW.proposed_by,
        NEW.at,
        NEW.sealed)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.district_id, OLD.disposition, OLD.owner_id, OLD.proposed_by,
           OLD.at,
        OLD.sealed)
       OR NOT ((OLD.state = 'waiting' AND NEW.state IN ('standing', 'refused')
                AND NEW.reviewed_at IS NOT NULL
                AND NEW.reviewed_by = coalesce(api.scope_person(), NEW.reviewed_by)
                AND NEW.reviewed_by <> (SELECT c.owner_id FROM cases_case c
                    WHERE c.id = NEW.case_id))
            OR (OLD.state = 'standing' AND NEW.state = 'reopened' AND NEW.reopened_at IS NOT NULL
                AND cases_of_team((SELECT c.team_id FROM cases_case c WHERE c.id = NEW.case_id))
                AND NEW.reopened_by = coalesce(api.scope_person(), NEW.reopened_by)
                AND (NEW.reviewed_by, NEW.reviewed_at)
                    IS NOT DISTINCT FROM (OLD.reviewed_by, OLD.reviewed_at))) THEN
        RAISE EXCEPTION 'a closing is reviewed by another, or opened again'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
