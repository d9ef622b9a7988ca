ALTER TABLE cases_closing ENABLE ROW LEVEL SECURITY;
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
    END LOOP;
END $$;
