-- The centers that the session's person works for, and those that they supervise.
CREATE FUNCTION api.own_centers() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.center_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'center'
    WHERE m.person_id = api.scope_person()
$$;
CREATE FUNCTION api.supervised_centers() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.center_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'center'
    WHERE m.person_id = api.scope_person() AND m.role = 'center_supervisor'
$$;
REVOKE ALL ON FUNCTION api.own_centers(), api.supervised_centers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.own_centers(), api.supervised_centers() TO upstander_center;

ALTER TABLE escalations_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_externalcontact ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_news ENABLE ROW LEVEL SECURITY;
ALTER TABLE escalations_moment ENABLE ROW LEVEL SECURITY;
INSERT INTO escalations_moment (id, seen_at) VALUES (1, '2000-01-01 00:00:00+00');
GRANT SELECT, UPDATE ON escalations_moment TO upstander_worker;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['escalations_task', 'escalations_externalcontact',
                             'escalations_policy', 'escalations_news',
                             'escalations_moment'] LOOP
        EXECUTE format('CREATE POLICY worker ON %I TO upstander_worker USING (true)
            WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Tasks are the center's. Whoever is barred from the matter knows of none.
CREATE POLICY center ON escalations_task TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
    WITH CHECK (district_id = ANY ((SELECT api.center_districts())::bigint[]));
-- Each takes and finishes in their own name.
CREATE POLICY own_name ON escalations_task AS RESTRICTIVE FOR UPDATE TO upstander_center
    USING (true) WITH CHECK ((taken_by IS NULL OR state <> 'taken'
                              OR taken_by = (SELECT api.scope_person()))
                             AND (done_by IS NULL OR done_by = (SELECT api.scope_person())));
GRANT SELECT, INSERT ON escalations_task TO upstander_center;
GRANT UPDATE (state, due_at, taken_by, taken_at, done_by, done_at, outcome) ON escalations_task
    TO upstander_center;
GRANT SELECT, INSERT, UPDATE ON escalations_task TO upstander_worker;

CREATE POLICY center ON escalations_externalcontact TO upstander_center
    USING (center_id = ANY ((SELECT api.own_centers())::bigint[]))
    WITH CHECK (center_id = ANY ((SELECT api.supervised_centers())::bigint[]));
CREATE POLICY center ON escalations_policy TO upstander_center
    USING (center_id = ANY ((SELECT api.own_centers())::bigint[]))
    WITH CHECK (center_id = ANY ((SELECT api.supervised_centers())::bigint[]));
-- A policy taken back: the usual steps hold again.
CREATE POLICY supervisor ON escalations_policy AS RESTRICTIVE FOR DELETE TO upstander_center
    USING (center_id = ANY ((SELECT api.supervised_centers())::bigint[]));
GRANT SELECT, INSERT, UPDATE ON escalations_externalcontact TO upstander_center;
GRANT SELECT, INSERT, UPDATE, DELETE ON escalations_policy TO upstander_center;
GRANT SELECT ON escalations_externalcontact, escalations_policy TO upstander_worker;

-- What the worker has yet to turn into steps. Staff add to it, and take back what they answered.
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('CREATE POLICY %I ON escalations_news TO %I
            USING (EXISTS (SELECT 1 FROM escalations_alert a
                           WHERE a.subject_id = escalations_news.subject_id))
            WITH CHECK (EXISTS (SELECT 1 FROM escalations_alert a
                                WHERE a.subject_id = escalations_news.subject_id))', r, r);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON escalations_news TO %I', r);
        EXECUTE format('GRANT UPDATE (raised, idle_asked) ON escalations_alert TO %I', r);
    END LOOP;
END $$;
GRANT SELECT, DELETE ON escalations_news TO upstander_worker;
-- By hand: a counselor asks now, skips ahead, adds somebody.
GRANT UPDATE (happening_now) ON escalations_alert TO upstander_center;

-- Whoever sees an alert sees by which ways people were tried for it, and what became of that.
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('CREATE POLICY of_alert_%s ON carriers_delivery FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM escalations_alert a WHERE a.id = for_id))', r, r);
    END LOOP;
END $$;
