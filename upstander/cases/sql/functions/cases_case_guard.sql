CREATE OR REPLACE FUNCTION cases_case_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- All else stays as the case began, a new column too.
    changes CONSTANT text[] := '{concern, life_safety, owner_id, inner_id, items, changed_at,
        state, disposition, closed_at, home_asked_at, their_home_asked_at, maker_home_asked_at,
        aimed_home_asked_at}';
BEGIN
    IF to_jsonb(NEW) - changes IS DISTINCT FROM to_jsonb(OLD) - changes
       OR NEW.items < OLD.items
       OR (OLD.life_safety AND NOT NEW.life_safety)
       OR (OLD.inner_id IS NOT NULL AND NEW.inner_id IS DISTINCT FROM OLD.inner_id)
       OR (OLD.home_asked_at IS NOT NULL AND NEW.home_asked_at IS NULL)
       OR (OLD.their_home_asked_at IS NOT NULL AND NEW.their_home_asked_at IS NULL)
       OR (OLD.maker_home_asked_at IS NOT NULL AND NEW.maker_home_asked_at IS NULL)
       OR (OLD.aimed_home_asked_at IS NOT NULL AND NEW.aimed_home_asked_at IS NULL) THEN
        RAISE EXCEPTION 'this of a case stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whom a case was shared with adds to it; its team alone decides about it.
    -- (They may be the second person where a team has none: then they close what was proposed.)
    IF ((NEW.concern, NEW.life_safety, NEW.owner_id)
        IS DISTINCT FROM (OLD.concern, OLD.life_safety, OLD.owner_id)
        OR (OLD.state <> 'review' AND (NEW.state, NEW.disposition, NEW.closed_at)
            IS DISTINCT FROM (OLD.state, OLD.disposition, OLD.closed_at)))
       AND NOT cases_of_team(NEW.team_id) THEN
        RAISE EXCEPTION 'this is for the team whose case it is'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A case is closed by a closing that stands, and where life was in danger by a second person
    -- who neither led it, nor leads it, nor proposed it. (Whoever reviewed it may come to lead it
    -- later.)
    IF NEW.state = 'closed' AND NOT EXISTS (
        SELECT 1 FROM cases_caseclosing k WHERE k.case_id = NEW.id AND k.state = 'standing'
          AND k.disposition = NEW.disposition AND NEW.closed_at IS NOT NULL
          AND (NOT NEW.life_safety OR (k.reviewed_by IS NOT NULL
               AND k.reviewed_by NOT IN (k.owner_id, k.proposed_by)
               AND (OLD.state = 'closed' OR k.reviewed_by <> OLD.owner_id)))) THEN
        RAISE EXCEPTION 'a case is closed with an outcome, a life-safety case by a second person'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'closed' AND EXISTS (
        SELECT 1 FROM cases_caseclosing k WHERE k.case_id = NEW.id AND k.state = 'standing') THEN
        RAISE EXCEPTION 'a case is opened again by its closing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
