ALTER TABLE cases_closing ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_secondopinion ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('CREATE POLICY of_tip_%s ON cases_closing TO %I
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
            WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', r, r);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE (reopened_at, reopened_by)
            ON cases_closing TO %I', r);
        EXECUTE format('CREATE POLICY of_tip_%s ON cases_secondopinion TO %I
            USING (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))
            WITH CHECK (EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = tip_id))', r, r);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at)
            ON cases_secondopinion TO %I', r);
    END LOOP;
END $$;

-- A proposal that nobody seconded in time lapses: the worker marks it, and the priority stands.
GRANT SELECT, UPDATE (state, decided_at) ON cases_secondopinion TO upstander_worker;
CREATE POLICY worker ON cases_secondopinion TO upstander_worker USING (true);
