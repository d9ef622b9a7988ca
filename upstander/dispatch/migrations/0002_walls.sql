-- Sheets, calls and requests are the center's; a school and a district see that there was a call.
-- Police see briefs of their own. The roster's entries are read by nobody but two functions, which
-- write down who looked, for which tip.

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['sheet', 'policerequest', 'call', 'brief', 'briefpage', 'briefkey',
                             'roster', 'rosterkey', 'rosterentry', 'rostermark',
                             'rosteropening'] LOOP
        EXECUTE format('ALTER TABLE dispatch_%s ENABLE ROW LEVEL SECURITY', t);
    END LOOP;
    -- What belongs to a tip is the center's that sees the tip (the subquery obeys its policy).
    FOREACH t IN ARRAY ARRAY['sheet', 'policerequest', 'call', 'brief', 'briefpage'] LOOP
        EXECUTE format('CREATE POLICY center ON dispatch_%s FOR SELECT TO upstander_center
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', t);
        EXECUTE format('CREATE POLICY center_writes ON dispatch_%s FOR INSERT TO upstander_center
            WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x
                                WHERE x.id = tip_id AND x.district_id = dispatch_%s.district_id)
                        AND %s = (SELECT api.scope_person()))', t, t,
            CASE t WHEN 'policerequest' THEN 'asked_by' WHEN 'brief' THEN 'by' ELSE 'person_id' END);
        EXECUTE format('GRANT SELECT, INSERT ON dispatch_%s TO upstander_center', t);
    END LOOP;
END $$;

CREATE POLICY center_decides ON dispatch_policerequest FOR UPDATE TO upstander_center
    USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
    WITH CHECK (decided_by = (SELECT api.scope_person()));
GRANT UPDATE (state, decided_by, decided_at, stands_until) ON dispatch_policerequest
    TO upstander_center;

-- A request is decided once, and an agreement is about these hours, not about the child for good.
CREATE FUNCTION dispatch_request_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.state <> 'open' OR NEW.decided_by IS NOT NULL) THEN
        RAISE EXCEPTION 'a request begins undecided' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND (OLD.state <> 'open' OR NEW.state = 'open') THEN
        RAISE EXCEPTION 'a request is decided once' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stands_until > api.clock_now() + interval '2 hours' THEN
        RAISE EXCEPTION 'an agreement stands two hours' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_request_moves BEFORE INSERT OR UPDATE ON dispatch_policerequest
    FOR EACH ROW EXECUTE FUNCTION dispatch_request_moves();

-- False tips have sent armed officers to a disabled child's home. Unless whoever calls says that
-- danger is now, police are sent only when a second person has agreed, for this tip, not long ago.
CREATE FUNCTION dispatch_police_is_seconded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.danger_now OR (TG_TABLE_NAME = 'dispatch_call' AND NOT (to_jsonb(NEW)->>'police')::boolean)
    THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM dispatch_policerequest r
                   WHERE r.id = NEW.request_id AND r.tip_id = NEW.tip_id AND r.state = 'agreed'
                     AND r.decided_by IS NOT NULL AND r.decided_by <> r.asked_by
                     AND r.stands_until >= api.clock_now()) THEN
        RAISE EXCEPTION 'a second person must agree before police are sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_police_is_seconded BEFORE INSERT OR UPDATE ON dispatch_call
    FOR EACH ROW EXECUTE FUNCTION dispatch_police_is_seconded();
CREATE TRIGGER dispatch_police_is_seconded BEFORE INSERT ON dispatch_brief
    FOR EACH ROW EXECUTE FUNCTION dispatch_police_is_seconded();

-- Only police of the tip's own district are given anything, and never the tip itself.
CREATE FUNCTION dispatch_brief_is_for_police() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM places_team t JOIN tips_tip x ON x.id = NEW.tip_id
                   WHERE t.id = NEW.team_id AND t.kind = 'police'
                     AND t.district_id = x.district_id AND x.matter_id = NEW.matter_id) THEN
        RAISE EXCEPTION 'a brief is for police of the district' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_brief_is_for_police BEFORE INSERT ON dispatch_brief
    FOR EACH ROW EXECUTE FUNCTION dispatch_brief_is_for_police();
CREATE FUNCTION dispatch_no_tip_for_police() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM places_team t WHERE t.kind = 'police' AND 'team:' || t.id = NEW.holder)
    THEN
        RAISE EXCEPTION 'police get briefs, not tips' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_no_tip_for_police BEFORE INSERT OR UPDATE OF holder ON tips_recipient
    FOR EACH ROW EXECUTE FUNCTION dispatch_no_tip_for_police();

CREATE FUNCTION dispatch_brief_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'handed>acknowledged', 'handed>ended', 'acknowledged>ended']) THEN
        RAISE EXCEPTION 'a brief does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'ended' THEN
        RAISE EXCEPTION 'an outcome stands' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_brief_moves BEFORE UPDATE ON dispatch_brief
    FOR EACH ROW EXECUTE FUNCTION dispatch_brief_moves();

-- The center writes keys for others and can't read them back; officers read their own.
GRANT INSERT ON dispatch_briefkey TO upstander_center;
CREATE POLICY center_writes ON dispatch_briefkey FOR INSERT TO upstander_center
    WITH CHECK (EXISTS (SELECT 1 FROM dispatch_briefpage p
                        WHERE p.id = page_id AND p.brief_id = dispatch_briefkey.brief_id));

-- What a school's or a district's people see: that there was a call, that police were told.
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['school', 'district'] LOOP
        EXECUTE format('GRANT SELECT (id, tip_id, district_id, person_id, line, police, called_at, at)
            ON dispatch_call TO upstander_%s', r);
        EXECUTE format('GRANT SELECT (id, tip_id, district_id, team_id, state, at, acknowledged_at,
            outcome, outcome_at) ON dispatch_brief TO upstander_%s', r);
        EXECUTE format('CREATE POLICY %I ON dispatch_call FOR SELECT TO upstander_%s
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', r, r);
        EXECUTE format('CREATE POLICY %I ON dispatch_brief FOR SELECT TO upstander_%s
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', r, r);
    END LOOP;
END $$;

-- Police: their own team's briefs, not what they are kept out of, and not for longer than needed.
GRANT SELECT (id, tip_id, matter_id, district_id, team_id, reference, priority, state, danger_now,
              at, acknowledged_by, acknowledged_at, outcome, outcome_by, outcome_at)
    ON dispatch_brief TO upstander_police;
GRANT UPDATE (state, acknowledged_by, acknowledged_at, outcome, outcome_by, outcome_at,
              outcome_sealed) ON dispatch_brief TO upstander_police;
GRANT SELECT (id, brief_id, tip_id, district_id, number, sheet_number, at, sealed)
    ON dispatch_briefpage TO upstander_police;
GRANT SELECT ON dispatch_briefkey TO upstander_police;
CREATE POLICY police ON dispatch_brief FOR SELECT TO upstander_police
    USING (team_id = ANY ((SELECT api.police_teams())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[]))
           AND (outcome_at IS NULL OR outcome_at > api.clock_now() - interval '30 days'));
CREATE POLICY police_answers ON dispatch_brief FOR UPDATE TO upstander_police
    USING (team_id = ANY ((SELECT api.police_teams())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
    WITH CHECK ((SELECT api.scope_person()) IN (acknowledged_by, outcome_by));
CREATE POLICY police ON dispatch_briefpage FOR SELECT TO upstander_police
    USING (EXISTS (SELECT 1 FROM dispatch_brief b WHERE b.id = brief_id));
CREATE POLICY police ON dispatch_briefkey FOR SELECT TO upstander_police
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND EXISTS (SELECT 1 FROM dispatch_brief b WHERE b.id = brief_id));

-- Rosters. That there is one is no secret among those who keep or use it; who is in it is.
GRANT SELECT ON dispatch_roster TO upstander_center, upstander_school, upstander_district,
    upstander_admin;
CREATE POLICY center ON dispatch_roster FOR SELECT TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[]));
CREATE POLICY school ON dispatch_roster FOR SELECT TO upstander_school
    USING (school_id IN (SELECT t.school_id FROM places_team t
                         WHERE 'team:' || t.id = ANY ((SELECT api.scope_holders())::text[])));
CREATE POLICY district ON dispatch_roster TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[]))
    WITH CHECK (district_id = ANY ((SELECT api.lead_districts())::bigint[])
                AND imported_by = (SELECT api.scope_person()));
CREATE POLICY admin ON dispatch_roster TO upstander_admin
    USING ((SELECT api.scope_is_admin()))
    WITH CHECK ((SELECT api.scope_is_admin()) AND imported_by = (SELECT api.scope_person()));
DO $$
DECLARE
    t text;
BEGIN
    -- Whoever imports puts in and takes out whole rosters; they read nothing back.
    GRANT INSERT, DELETE ON dispatch_roster TO upstander_district, upstander_admin;
    FOREACH t IN ARRAY ARRAY['rosterkey', 'rosterentry', 'rostermark'] LOOP
        EXECUTE format('GRANT INSERT ON dispatch_%s TO upstander_district, upstander_admin', t);
        EXECUTE format('CREATE POLICY imports ON dispatch_%s FOR INSERT
            TO upstander_district, upstander_admin
            WITH CHECK (EXISTS (SELECT 1 FROM dispatch_roster r WHERE r.id = roster_id
                                AND r.district_id = dispatch_%s.district_id))', t, t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['center', 'school', 'district'] LOOP
        EXECUTE format('GRANT SELECT ON dispatch_rosterkey, dispatch_rosteropening
            TO upstander_%s', t);
        EXECUTE format('CREATE POLICY mine_%s ON dispatch_rosterkey FOR SELECT TO upstander_%s
            USING (holder = ANY ((SELECT api.scope_holders())::text[]))', t, t);
        EXECUTE format('CREATE POLICY of_tip_%s ON dispatch_rosteropening FOR SELECT
            TO upstander_%s USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', t, t);
    END LOOP;
END $$;

-- The rosters that the session's person may search for a tip now: of its district, for the
-- counselor who has it or a supervisor; of the own school (the district's office: all) for those it
-- was handed to. Life safety and urgent only, not closed, and nobody who is kept out.
CREATE FUNCTION dispatch_rosters_for(p_tip uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id FROM tips_tip t JOIN dispatch_roster r ON r.district_id = t.district_id
    WHERE t.id = p_tip AND api.scope_person() IS NOT NULL AND t.rank <= 1 AND NOT t.junk
      AND NOT (t.matter_id = ANY (api.barred_matters()))
      AND (t.state IN ('claimed', 'handed_off', 'returned')
           AND t.district_id = ANY (api.center_districts())
           AND (t.claimed_by = api.scope_person()
                OR EXISTS (SELECT 1 FROM places_membership m JOIN places_team s ON s.id = m.team_id
                           WHERE m.person_id = api.scope_person() AND s.center_id = t.center_id
                             AND m.role = 'center_supervisor'))
        OR t.state = 'handed_off'
           AND EXISTS (SELECT 1 FROM tips_recipient y
                       WHERE y.tip_id = t.id AND y.holder = ANY (api.scope_holders()))
           AND EXISTS (SELECT 1 FROM places_membership m JOIN places_team s ON s.id = m.team_id
                       WHERE m.person_id = api.scope_person()
                         AND (s.kind = 'school' AND s.school_id = r.school_id
                              OR s.kind = 'district' AND s.district_id = t.district_id)))
$$;

-- Looks for a name by its marks; writes down first who asked, for which tip. At most six, of which
-- the sixth says that the name is too common. Raises when somebody looks for too many.
CREATE FUNCTION api.roster_find(p_tip uuid, p_opening uuid, p_audience text, p_circle uuid,
                                p_sealed bytea, p_marks bytea[])
    RETURNS TABLE (entry uuid, roster uuid, label bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM dispatch_write_opening(p_tip, p_opening, NULL, p_audience, p_circle, p_sealed);
    RETURN QUERY SELECT DISTINCT e.id, e.roster_id, e.label FROM dispatch_rostermark k
        JOIN dispatch_rosterentry e ON e.id = k.entry_id
        WHERE k.roster_id IN (SELECT dispatch_rosters_for(p_tip)) AND k.mark = ANY (p_marks)
        LIMIT 6;
END $$;

-- Opens one student; who, for which tip and (sealed) why stand in the record before it is given.
CREATE FUNCTION api.roster_open(p_tip uuid, p_opening uuid, p_audience text, p_circle uuid,
                                p_sealed bytea, p_entry uuid)
    RETURNS TABLE (roster uuid, label bytea, sealed bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT 1 FROM dispatch_rosterentry e WHERE e.id = p_entry
                   AND e.roster_id IN (SELECT dispatch_rosters_for(p_tip))) THEN
        RETURN;
    END IF;
    PERFORM dispatch_write_opening(p_tip, p_opening, p_entry, p_audience, p_circle, p_sealed);
    RETURN QUERY SELECT e.roster_id, e.label, e.sealed FROM dispatch_rosterentry e
        WHERE e.id = p_entry;
END $$;

CREATE FUNCTION dispatch_write_opening(p_tip uuid, p_opening uuid, p_entry uuid, p_audience text,
                                       p_circle uuid, p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip record;
    who bigint := api.scope_person();
    now_at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    SELECT t.district_id, t.matter_id INTO of_tip FROM tips_tip t
        WHERE t.id = p_tip AND EXISTS (SELECT dispatch_rosters_for(p_tip));
    IF of_tip.district_id IS NULL THEN
        RAISE EXCEPTION 'no roster for this tip now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A night's work needs a few; whoever needs more is not looking for one child. Counted one
    -- after the other, so that many at once are no way around it.
    PERFORM pg_advisory_xact_lock(hashtext('dispatch_rosteropening'), who::integer);
    IF (SELECT count(*) FROM dispatch_rosteropening o
        WHERE o.person_id = who AND o.at > now_at - interval '1 day') >= 40 THEN
        RAISE EXCEPTION 'too many looked up' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    IF length(p_sealed) NOT BETWEEN 30 AND 5000 THEN
        RAISE EXCEPTION 'no reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO dispatch_rosteropening
        (id, tip_id, district_id, entry_id, person_id, at, audience, circle, sealed)
        VALUES (p_opening, p_tip, of_tip.district_id, p_entry, who, now_at, p_audience, p_circle,
                p_sealed);
    INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id, district_id,
        matter_id, detail) VALUES ('staff', who,
        CASE WHEN p_entry IS NULL THEN 'roster searched' ELSE 'home address opened' END, 'tip',
        p_tip::text, of_tip.district_id, of_tip.matter_id,
        jsonb_build_object('opening', p_opening));
END $$;

REVOKE ALL ON FUNCTION dispatch_rosters_for(uuid),
    dispatch_write_opening(uuid, uuid, uuid, text, uuid, bytea),
    dispatch_police_is_seconded(), dispatch_brief_is_for_police(), dispatch_no_tip_for_police(),
    api.roster_find, api.roster_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.roster_find, api.roster_open
    TO upstander_center, upstander_school, upstander_district;
