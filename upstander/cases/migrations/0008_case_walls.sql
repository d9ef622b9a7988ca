-- A case is seen by whoever holds its folder and isn't barred from its matter: not even whoever opened
-- it sees it any more once they are. What was written stays; triggers say so to the tables' owner too.
DO $$
DECLARE
    r text;
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['cases_case', 'cases_caseitem', 'cases_caseaction', 'cases_caseclosing',
        'cases_casetip', 'cases_caselink'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    END LOOP;
    FOREACH r IN ARRAY ARRAY['upstander_school', 'upstander_district'] LOOP
        EXECUTE format('CREATE POLICY seen_%s ON cases_case FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM places_folder f WHERE f.id = cases_case.id)
                   AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))', r, r);
        EXECUTE format('CREATE POLICY opened_%s ON cases_case FOR INSERT TO %I
            WITH CHECK (opened_by = (SELECT api.scope_person())
                AND ''team:'' || team_id = ANY ((SELECT api.scope_holders())::text[])
                AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = cases_case.id
                    AND f.kind = ''case'' AND f.opened_by = cases_case.opened_by
                    AND f.matter_id = cases_case.matter_id
                    AND f.district_id = cases_case.district_id
                    AND f.school_id IS NOT DISTINCT FROM cases_case.school_id))', r, r);
        EXECUTE format('CREATE POLICY worked_%s ON cases_case FOR UPDATE TO %I
            USING (EXISTS (SELECT 1 FROM places_folder f WHERE f.id = cases_case.id)
                   AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))', r, r);
        -- An entry is seen by who sees the case and holds the folder that it is sealed in.
        EXECUTE format('CREATE POLICY seen_%s ON cases_caseitem FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)
                   AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = folder_id))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON cases_caseaction FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)
                   AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = folder_id))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON cases_caseclosing FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON cases_casetip FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id))', r, r);
        EXECUTE format('CREATE POLICY seen_%s ON cases_caselink FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)
                   AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = other_id))', r, r);
        -- Everybody writes in their own name.
        EXECUTE format('CREATE POLICY own_%s ON cases_caseitem FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person())
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id
                    AND c.district_id = cases_caseitem.district_id
                    AND folder_id IN (c.id, c.inner_id))
                AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = folder_id))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON cases_caseaction FOR INSERT TO %I
            WITH CHECK (made_by = (SELECT api.scope_person()) AND ended_at IS NULL
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id
                    AND c.district_id = cases_caseaction.district_id
                    AND folder_id IN (c.id, c.inner_id))
                AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = folder_id))', r, r);
        EXECUTE format('CREATE POLICY ended_%s ON cases_caseaction FOR UPDATE TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)
                   AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = folder_id))
            WITH CHECK (ended_by = (SELECT api.scope_person()) OR ended_at IS NULL)', r, r);
        EXECUTE format('CREATE POLICY own_%s ON cases_caseclosing FOR INSERT TO %I
            WITH CHECK (proposed_by = (SELECT api.scope_person())
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id
                    AND c.district_id = cases_caseclosing.district_id))', r, r);
        EXECUTE format('CREATE POLICY judged_%s ON cases_caseclosing FOR UPDATE TO %I
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON cases_casetip FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person())
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id
                    AND c.district_id = cases_casetip.district_id)
                AND EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = tip_id
                    AND t.matter_id = cases_casetip.matter_id
                    AND t.district_id = cases_casetip.district_id))', r, r);
        EXECUTE format('CREATE POLICY own_%s ON cases_caselink FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person())
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id
                    AND c.district_id = cases_caselink.district_id)
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = other_id))', r, r);
        EXECUTE format('GRANT SELECT, INSERT ON cases_case, cases_caseitem, cases_caseaction,
            cases_caseclosing, cases_casetip, cases_caselink TO %I', r);
        EXECUTE format('GRANT USAGE ON SEQUENCE cases_casetip_id_seq, cases_caselink_id_seq TO %I', r);
        EXECUTE format('GRANT UPDATE (concern, life_safety, state, owner_id, changed_at, items,
            inner_id, home_asked_at, disposition, closed_at) ON cases_case TO %I', r);
        EXECUTE format('GRANT UPDATE (owner_id, ended_at, ended_by, ending, remind_at)
            ON cases_caseaction TO %I', r);
        EXECUTE format('GRANT UPDATE (state, reviewed_by, reviewed_at, reopened_by, reopened_at)
            ON cases_caseclosing TO %I', r);
        -- The record of a case is read by who sees the case.
        EXECUTE format('CREATE POLICY of_case_%s ON audit_entry FOR SELECT TO %I
            USING (subject_kind = ''case'' AND EXISTS (SELECT 1 FROM cases_case c
                WHERE c.id = CASE WHEN subject_kind = ''case'' THEN subject_id::uuid END))', r, r);
    END LOOP;
END $$;
CREATE POLICY cases_apart_district ON audit_entry AS RESTRICTIVE FOR SELECT TO upstander_district
    USING (subject_kind <> 'case' OR EXISTS (SELECT 1 FROM cases_case c
        WHERE c.id = CASE WHEN subject_kind = 'case' THEN subject_id::uuid END));
-- The center knows of a case that one of its tips is being worked on, and nothing else.
CREATE POLICY cases_apart_center ON audit_entry AS RESTRICTIVE FOR SELECT TO upstander_center
    USING (subject_kind <> 'case');

CREATE FUNCTION cases_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a case and what was written in it stay as they are'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER cases_case_stays BEFORE DELETE OR TRUNCATE ON cases_case
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
CREATE TRIGGER cases_item_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_caseitem
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
CREATE TRIGGER cases_action_stays BEFORE DELETE OR TRUNCATE ON cases_caseaction
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
CREATE TRIGGER cases_closing_stays BEFORE DELETE OR TRUNCATE ON cases_caseclosing
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
CREATE TRIGGER cases_tip_stays BEFORE DELETE OR TRUNCATE ON cases_casetip
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
CREATE TRIGGER cases_link_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_caselink
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();

-- Whether the session's person works a team's cases, and doesn't only read one that was shared. Of
-- the tables' owner, who has no session, nothing is asked.
CREATE FUNCTION cases_of_team(p_team bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_person() IS NULL OR 'team:' || p_team = ANY (api.scope_holders())
$$;

CREATE FUNCTION cases_case_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.district_id, NEW.school_id, NEW.matter_id, NEW.team_id, NEW.reference,
        NEW.opened_by, NEW.opened_at)
       IS DISTINCT FROM
       (OLD.id, OLD.district_id, OLD.school_id, OLD.matter_id, OLD.team_id, OLD.reference,
        OLD.opened_by, OLD.opened_at)
       OR NEW.items < OLD.items
       OR (OLD.life_safety AND NOT NEW.life_safety)
       OR (OLD.inner_id IS NOT NULL AND NEW.inner_id IS DISTINCT FROM OLD.inner_id)
       OR (OLD.home_asked_at IS NOT NULL AND NEW.home_asked_at IS NULL) THEN
        RAISE EXCEPTION 'this of a case stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whom a case was shared with adds to it; its team alone decides about it.
    -- (They may be the second person where a team has none: then they close what was proposed.)
    IF ((NEW.concern, NEW.life_safety, NEW.owner_id)
        IS DISTINCT FROM (OLD.concern, OLD.life_safety, OLD.owner_id)
        OR (OLD.state <> 'review' AND (NEW.state, NEW.disposition, NEW.closed_at)
            IS DISTINCT FROM (OLD.state, OLD.disposition, OLD.closed_at)))
       AND NOT cases_of_team(NEW.team_id) THEN
        RAISE EXCEPTION 'this is for the team whose case it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A case is closed by a closing that stands, and where life was in danger by a second person who
    -- neither led it, nor leads it, nor proposed it.
    IF NEW.state = 'closed' AND NOT EXISTS (
        SELECT 1 FROM cases_caseclosing k WHERE k.case_id = NEW.id AND k.state = 'standing'
          AND k.disposition = NEW.disposition AND NEW.closed_at IS NOT NULL
          AND (NOT NEW.life_safety OR (k.reviewed_by IS NOT NULL
               AND k.reviewed_by NOT IN (k.owner_id, k.proposed_by, OLD.owner_id)))) THEN
        RAISE EXCEPTION 'a case is closed with an outcome, and a life-safety case by a second person'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'closed' AND EXISTS (
        SELECT 1 FROM cases_caseclosing k WHERE k.case_id = NEW.id AND k.state = 'standing') THEN
        RAISE EXCEPTION 'a case is opened again by its closing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_case_guard BEFORE UPDATE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_case_guard();

-- A new case has no past.
CREATE FUNCTION cases_case_born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'open' OR NEW.disposition <> '' OR NEW.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a case is opened open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_case_born BEFORE INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_case_born();

-- Report first, ask later: a note of questioning waits while any of the case's matters is on hold.
CREATE FUNCTION cases_item_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND (api.matter_on_hold(c.matter_id)
            OR EXISTS (SELECT 1 FROM cases_casetip t
                       WHERE t.case_id = c.id AND api.matter_on_hold(t.matter_id)))) THEN
        RAISE EXCEPTION 'questioning waits for the report' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_item_guard BEFORE INSERT ON cases_caseitem
    FOR EACH ROW WHEN (NEW.kind = 'questioning') EXECUTE FUNCTION cases_item_guard();

-- When an action is due is computed here. Parents are told only once somebody was asked whether home
-- is safe, and a closed case has follow-ups alone.
CREATE FUNCTION cases_action_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases_case%ROWTYPE;
BEGIN
    SELECT * INTO c FROM cases_case WHERE id = NEW.case_id;
    IF NEW.kind = 'parents' AND c.home_asked_at IS NULL THEN
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
CREATE TRIGGER cases_action_born BEFORE INSERT ON cases_caseaction
    FOR EACH ROW EXECUTE FUNCTION cases_action_born();

CREATE FUNCTION cases_action_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.case_id, NEW.district_id, NEW.folder_id, NEW.kind, NEW.made_by, NEW.from_at,
        NEW.within, NEW.due_at, NEW.closing_id, NEW.sealed)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.district_id, OLD.folder_id, OLD.kind, OLD.made_by, OLD.from_at,
        OLD.within, OLD.due_at, OLD.closing_id, OLD.sealed)
       OR (OLD.ended_at IS NOT NULL
           AND (NEW.ended_at, NEW.ended_by, NEW.ending, NEW.owner_id)
               IS DISTINCT FROM (OLD.ended_at, OLD.ended_by, OLD.ending, OLD.owner_id))
       OR (NEW.ended_at IS NULL) <> (NEW.ending = '')
       OR (NEW.ended_at IS NULL) <> (NEW.remind_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an action is ended once, and is reminded of until then'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_action_guard BEFORE UPDATE ON cases_caseaction
    FOR EACH ROW EXECUTE FUNCTION cases_action_guard();

CREATE FUNCTION cases_closing_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c cases_case%ROWTYPE;
BEGIN
    SELECT * INTO c FROM cases_case WHERE id = NEW.case_id;
    IF NEW.state <> (CASE WHEN c.life_safety THEN 'waiting' ELSE 'standing' END)
       OR NEW.reviewed_by IS NOT NULL OR NEW.disposition = '' OR c.state = 'closed'
       OR NEW.owner_id <> c.owner_id OR NOT cases_of_team(c.team_id) THEN
        RAISE EXCEPTION 'a case can''t be closed so' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_closing_born BEFORE INSERT ON cases_caseclosing
    FOR EACH ROW EXECUTE FUNCTION cases_closing_born();

CREATE FUNCTION cases_closing_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.case_id, NEW.district_id, NEW.disposition, NEW.owner_id, NEW.proposed_by, NEW.at,
        NEW.sealed)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.district_id, OLD.disposition, OLD.owner_id, OLD.proposed_by, OLD.at,
        OLD.sealed)
       OR NOT ((OLD.state = 'waiting' AND NEW.state IN ('standing', 'refused')
                AND NEW.reviewed_at IS NOT NULL
                AND NEW.reviewed_by = coalesce(api.scope_person(), NEW.reviewed_by)
                AND NEW.reviewed_by <> (SELECT c.owner_id FROM cases_case c WHERE c.id = NEW.case_id))
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
CREATE TRIGGER cases_closing_guard BEFORE UPDATE ON cases_caseclosing
    FOR EACH ROW EXECUTE FUNCTION cases_closing_guard();

-- Bars of a tip's matter hold for each case that the tip is in, whenever they are set and whatever
-- matter the tip belongs to by then.
CREATE FUNCTION cases_take_bars(p_from uuid, p_case uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT c.matter_id, c.district_id, b.person_mac FROM cases_case c, places_matterbar b
        WHERE c.id = p_case AND b.matter_id = p_from AND c.matter_id <> p_from
        ON CONFLICT DO NOTHING;
    UPDATE places_matter m SET restricted = true FROM cases_case c
        WHERE c.id = p_case AND m.id = c.matter_id AND NOT m.restricted
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = m.id);
$$;
REVOKE ALL ON FUNCTION cases_take_bars(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION cases_bars_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM cases_take_bars(NEW.matter_id, t.case_id) FROM cases_casetip t
        WHERE t.matter_id = NEW.matter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_bars_follow AFTER INSERT ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION cases_bars_follow();

CREATE FUNCTION cases_tip_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_casetip SET matter_id = NEW.matter_id WHERE tip_id = NEW.id;
    PERFORM cases_take_bars(NEW.matter_id, t.case_id) FROM cases_casetip t WHERE t.tip_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_tip_moves AFTER UPDATE OF matter_id ON tips_tip
    FOR EACH ROW WHEN (NEW.matter_id <> OLD.matter_id) EXECUTE FUNCTION cases_tip_moves();

-- What the center and the reporter learn of a case: that somebody works on it, or has. It stands in
-- the tip's own disposition while the school's team has the tip (dispositions.py has the words).
CREATE FUNCTION cases_told(p_tip uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(*) = 0 THEN '' WHEN bool_and(c.state = 'closed') THEN 'case_done'
        ELSE 'case_open' END
    FROM cases_casetip t JOIN cases_case c ON c.id = t.case_id WHERE t.tip_id = p_tip
$$;
REVOKE ALL ON FUNCTION cases_told(uuid) FROM PUBLIC;

CREATE FUNCTION cases_tip_joins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM cases_take_bars(NEW.matter_id, NEW.case_id);
    UPDATE tips_tip SET disposition = cases_told(NEW.tip_id)
        WHERE id = NEW.tip_id AND state = 'handed_off';
    RETURN NULL;
END $$;
CREATE TRIGGER cases_tip_joins AFTER INSERT ON cases_casetip
    FOR EACH ROW EXECUTE FUNCTION cases_tip_joins();

CREATE FUNCTION cases_tell_tips() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE tips_tip SET disposition = cases_told(id)
        WHERE state = 'handed_off'
          AND id IN (SELECT t.tip_id FROM cases_casetip t WHERE t.case_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER cases_tell_tips AFTER UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION cases_tell_tips();

-- A tip that moves is told of anew: one that the center has again says nothing of a school's case.
CREATE FUNCTION cases_tip_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.disposition := CASE WHEN NEW.state = 'handed_off' THEN cases_told(NEW.id) ELSE '' END;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_tip_told BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state <> 'closed'
                       AND NEW.disposition IN ('', 'case_open', 'case_done'))
    EXECUTE FUNCTION cases_tip_told();

-- The worker reminds: it learns whom and of which case, and nothing of what is to be done. Whoever the
-- matter bars, or whose share ran out, is not told; it then goes to whoever leads the case.
CREATE FUNCTION api.case_reminders(p_limit integer)
    RETURNS TABLE (action uuid, owner bigint, lead bigint, reference text, follow_up boolean,
        reminded integer, bars bytea[], holders text[], opened_by bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.owner_id, c.owner_id, c.reference::text, a.closing_id IS NOT NULL, a.reminded,
        (SELECT coalesce(array_agg(b.person_mac), '{}') FROM places_matterbar b
         WHERE b.matter_id = c.matter_id),
        (SELECT coalesce(array_agg(g.holder::text), '{}') FROM places_foldergrant g
         WHERE g.folder_id = a.folder_id AND g.withdrawn_at IS NULL
           AND (g.until IS NULL OR g.until > api.clock_now())),
        (SELECT f.opened_by FROM places_folder f WHERE f.id = a.folder_id)
    FROM cases_caseaction a JOIN cases_case c ON c.id = a.case_id
    WHERE a.remind_at <= api.clock_now() ORDER BY a.remind_at, a.id LIMIT p_limit
    FOR UPDATE OF a SKIP LOCKED
$$;
REVOKE ALL ON FUNCTION api.case_reminders(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.case_reminders(integer) TO upstander_worker;
GRANT SELECT (id, ended_at, remind_at, reminded), UPDATE (remind_at, reminded)
    ON cases_caseaction TO upstander_worker;
CREATE POLICY worker ON cases_caseaction TO upstander_worker USING (true) WITH CHECK (true);
