-- All of a closing stays, a new column too, but for what became of it.
CREATE OR REPLACE FUNCTION cases_closing_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changes CONSTANT text[] := '{state, reviewed_by, reviewed_at, reopened_by, reopened_at}';
BEGIN
    IF to_jsonb(NEW) - changes IS DISTINCT FROM to_jsonb(OLD) - changes
       OR NOT ((OLD.state = 'waiting' AND NEW.state IN ('standing', 'refused')
                AND NEW.reviewed_at IS NOT NULL
                AND NEW.reviewed_by = coalesce(api.scope_person(), NEW.reviewed_by)
                AND NEW.reviewed_by <> (SELECT c.owner_id FROM cases_case c
                    WHERE c.id = NEW.case_id)
                AND (NEW.state = 'refused' OR audit_opened(p_kind => 'case',
                    p_subject => NEW.case_id, p_person => NEW.reviewed_by, p_since => NEW.at)))
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
